package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.train.Predictor;
import java.io.Serializable;

/**
 * A measure that an evaluation sums over rows; the job returns the mean over all rows of the
 * evaluation data.
 *
 * @param <M> the model
 */
@FunctionalInterface
public interface Metric<M extends Module> extends Serializable {
  /** Computes the sum over the rows of {@code batch}; the model is in evaluation mode. */
  double sum(M model, Batch batch);

  /**
   * Returns a metric that counts the rows whose largest logit is at the index of their label.
   *
   * @param predictor returns the logits [rows, classes]
   * @param label name of the INT64 column of labels
   */
  static <M extends Module> Metric<M> accuracy(Predictor<M> predictor, String label) {
    return new Accuracy<>(predictor, label);
  }
}
