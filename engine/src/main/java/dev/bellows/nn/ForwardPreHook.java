package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs before a module's forward. */
@FunctionalInterface
public interface ForwardPreHook {
  /**
   * Receives the module's inputs; the returned tensors replace them.
   *
   * @param inputs all inputs, in order; null for one that is absent. Of records, lists, maps and
   *     arrays, the tensors inside
   * @return as many tensors, or null to keep the inputs
   */
  Tensor[] before(Module module, Tensor[] inputs);
}
