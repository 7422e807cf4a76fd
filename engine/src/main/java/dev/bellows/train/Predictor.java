package dev.bellows.train;

import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.io.Serializable;

/**
 * What a model says of a batch.
 *
 * @param <M> the model's class
 */
@FunctionalInterface
public interface Predictor<M extends Module> extends Serializable {
  /** Logits [rows, classes]. */
  Tensor apply(M model, Batch batch);
}
