package dev.bellows.nn;

import dev.bellows.tensor.Tensor;

/** A function that runs before a module's forward. */
@FunctionalInterface
public interface ForwardPreHook {
  /** Receives the module's input; the returned tensor replaces the input, unless it is null. */
  Tensor before(Module module, Tensor input);
}
