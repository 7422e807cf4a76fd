package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs after a module's forward. */
@FunctionalInterface
public interface ForwardHook {
  /**
   * Receives the module's inputs and its output, the first one of several; the returned tensor
   * replaces the output.
   *
   * @param inputs all inputs, in order; null for one that is absent. Of records, lists, maps and
   *     arrays, the tensors inside
   * @param output null if there is none, as after a failure of forward
   * @return a tensor, or null to keep the output
   */
  Tensor after(Module module, Tensor[] inputs, Tensor output);

  /**
   * Receives the module's inputs and all its outputs; the returned tensors replace the outputs. By
   * default it calls {@link #after} with the first output.
   *
   * @param outputs all outputs, in order; null for one that is absent. Empty after a failure of
   *     forward
   * @return as many tensors as there are outputs, or null to keep them
   */
  default Tensor[] afterAll(Module module, Tensor[] inputs, Tensor[] outputs) {
    Tensor replaced = after(module, inputs, outputs.length == 0 ? null : outputs[0]);
    if (replaced == null || outputs.length == 0) {
      return null;
    }
    Tensor[] all = outputs.clone();
    all[0] = replaced;
    return all;
  }
}
