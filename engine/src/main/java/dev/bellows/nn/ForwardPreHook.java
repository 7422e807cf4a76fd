package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** Called before a module's forward. */
@FunctionalInterface
public interface ForwardPreHook {
  /** Sees the input; what it returns replaces the input, unless it returns null. */
  Tensor before(Module module, Tensor input);
}
