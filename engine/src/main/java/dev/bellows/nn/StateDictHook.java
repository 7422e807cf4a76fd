package dev.bellows.nn;

/** A function that reads or changes a state dict which a module writes or loads. */
@FunctionalInterface
public interface StateDictHook {
  /**
   * Receives the module and the whole state dict, which it may change.
   *
   * @param prefix what the keys of the module's own tensors start with: "" or, for example, "fc1."
   */
  void apply(Module module, StateDict dict, String prefix);
}
