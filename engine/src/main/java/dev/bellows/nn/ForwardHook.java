package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs after a module's forward. */
@FunctionalInterface
public interface ForwardHook {
  /**
   * Receives the module's input and output; the returned tensor replaces the output, unless it is
   * null.
   */
  Tensor after(Module module, Tensor input, Tensor output);
}
