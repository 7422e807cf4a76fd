package dev.bellows.nn;

/**
 * A list of modules named "0", "1" and so on. It has no forward: the module that holds it calls the
 * entries. Negative indices count from the end. Source: PyTorch's {@code torch.nn.ModuleList}.
 */
public final class ModuleList extends MemberList<Module, ModuleList> {
  /** Creates a list of the given modules. */
  public ModuleList(Module... modules) {
    for (Module module : modules) {
      append(module);
    }
  }

  /** Creates a list of the given modules. */
  public ModuleList(Iterable<? extends Module> modules) {
    extend(modules);
  }

  @Override
  void registerAs(String name, Module member) {
    register(name, member);
  }

  /** Appends a module; returns this list. */
  public ModuleList append(Module module) {
    return add(module);
  }

  /** Appends modules; returns this list. */
  public ModuleList extend(Iterable<? extends Module> modules) {
    modules.forEach(this::append);
    return this;
  }

  /**
   * Inserts a module before the i-th one; returns this list.
   *
   * @throws IndexOutOfBoundsException if the index is greater than the size
   */
  public ModuleList insert(int i, Module module) {
    return addAt(i, module);
  }

  /**
   * Replaces the i-th module; returns this list.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public ModuleList set(int i, Module module) {
    return setAt(i, module);
  }

  /**
   * Returns a list of the modules from one index to before another, which are shared and named from
   * "0". PyTorch: {@code list[from:to]}.
   *
   * @throws IndexOutOfBoundsException if an index is outside, or the first is behind the second
   */
  public ModuleList subList(int from, int to) {
    return new ModuleList(entries().subList(from, to));
  }

  /**
   * Returns the i-th module.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Module get(int i) {
    return entries().get(index(i, size()));
  }
}
