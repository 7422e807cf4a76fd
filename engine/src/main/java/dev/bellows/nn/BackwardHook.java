package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs after the backward of a module. */
@FunctionalInterface
public interface BackwardHook {
  /**
   * Receives the gradients of the module's inputs and outputs; the returned tensors replace those
   * of the inputs.
   *
   * @param gradInputs one for each input, in order; null without a gradient
   * @param gradOutputs one for each output, in order; null without a gradient
   * @return as many tensors as there are inputs, null for each that is kept, or null to keep all
   */
  Tensor[] after(Module module, Tensor[] gradInputs, Tensor[] gradOutputs);
}
