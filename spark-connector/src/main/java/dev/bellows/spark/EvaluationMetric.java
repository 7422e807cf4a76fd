package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.metric.RowMean;
import dev.bellows.train.metric.RunningMetric;
import java.io.Serializable;

/**
 * What an evaluation measures. What each rank has collected is merged exactly, so the value does
 * not depend on the number of ranks.
 *
 * @param metric makes a metric that has seen no rows
 * @param update collects a batch
 * @param <M> the model
 * @param <R> the metric
 */
public record EvaluationMetric<M extends Module, R extends RunningMetric>(
    SerializableSupplier<R> metric, MetricUpdate<M, R> update) implements Serializable {

  /** Returns the mean over all rows of what {@code metric} sums over a batch. */
  public static <M extends Module> EvaluationMetric<M, RowMean> of(Metric<M> metric) {
    return new EvaluationMetric<>(RowMean::new, new SumUpdate<>(metric));
  }

  /** Returns a metric that has seen no rows. */
  public R create() {
    return UserCode.make("metric", "", metric::get);
  }

  private record SumUpdate<M extends Module>(Metric<M> metric) implements MetricUpdate<M, RowMean> {
    @Override
    public void update(RowMean mean, M model, Batch batch) {
      mean.update(
          Tensor.of(new double[] {metric.sum(model, batch)}),
          Tensor.of(new double[] {batch.size()}));
    }
  }
}
