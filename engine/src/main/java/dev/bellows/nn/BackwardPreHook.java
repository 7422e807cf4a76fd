package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs before the backward of a module. */
@FunctionalInterface
public interface BackwardPreHook {
  /**
   * Receives the gradients of the module's outputs; the returned tensors replace them.
   *
   * @param gradOutputs one for each output, in order; null without a gradient
   * @return as many tensors, null for each that is kept, or null to keep all
   */
  Tensor[] before(Module module, Tensor[] gradOutputs);
}
