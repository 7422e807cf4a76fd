package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** Called after a module's forward. */
@FunctionalInterface
public interface ForwardHook {
  /** Sees input and output; what it returns replaces the output, unless it returns null. */
  Tensor after(Module module, Tensor input, Tensor output);
}
