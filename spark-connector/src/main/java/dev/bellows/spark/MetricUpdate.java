package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.train.metric.RunningMetric;
import java.io.Serializable;

/**
 * Collects the evaluation rows into a metric of {@link dev.bellows.train.metric}, batch by batch.
 *
 * @param <M> the model
 * @param <R> the metric
 */
@FunctionalInterface
public interface MetricUpdate<M extends Module, R extends RunningMetric> extends Serializable {
  /**
   * Updates {@code metric} with the predictions for the rows of {@code batch}; the model is in
   * evaluation mode, and no graph is recorded.
   */
  void update(R metric, M model, Batch batch);
}
