package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import java.io.Serializable;

/**
 * A number that an evaluation sums over rows, such as a loss; the job returns the mean over all
 * rows of the evaluation data.
 *
 * @param <M> the model
 */
@FunctionalInterface
public interface Metric<M extends Module> extends Serializable {
  /** Computes the sum over the rows of {@code batch}; the model is in evaluation mode. */
  double sum(M model, Batch batch);
}
