package dev.bellows.train;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;

/**
 * What training makes small.
 *
 * @param <M> the model's class
 */
@FunctionalInterface
public interface LossFunction<M extends Module> extends Serializable {
  /** Returns the mean loss over the batch's rows, one element. */
  Tensor apply(M model, Batch batch);
}
