package dev.bellows.nn;

import java.util.Map;

/**
 * Modules by name, in order of insertion. It has no forward: the module that holds it calls the
 * entries. Source: PyTorch's {@code torch.nn.ModuleDict}.
 */
public final class ModuleDict extends MemberDict<Module> {
  /** Creates an empty dict. */
  public ModuleDict() {}

  /** Creates a dict with a map's entries, in its order. */
  public ModuleDict(Map<String, ? extends Module> modules) {
    update(modules);
  }

  @Override
  void registerAs(String name, Module member) {
    register(name, member);
  }

  /** Adds or replaces an entry; returns this dict. */
  public ModuleDict put(String name, Module module) {
    registerAs(name, module);
    return this;
  }

  /** Adds or replaces entries, in the map's order; returns this dict. */
  public ModuleDict update(Map<String, ? extends Module> modules) {
    modules.forEach(this::put);
    return this;
  }

  /**
   * Returns the module of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Module get(String name) {
    return entry(name);
  }
}
