package dev.bellows.nn;

import java.util.Iterator;
import java.util.List;

/**
 * A list of modules named "0", "1" and so on. It has no forward: the module that holds it calls the
 * entries.
 */
public final class ModuleList extends Module implements Iterable<Module> {
  private int size;

  /** Creates a list of the given modules. */
  public ModuleList(Module... modules) {
    for (Module module : modules) {
      add(module);
    }
  }

  /** Appends a module; returns this list. */
  public ModuleList add(Module module) {
    register(Integer.toString(size), module);
    size++;
    return this;
  }

  /** Returns the i-th module. */
  public Module get(int i) {
    return entries().get(java.util.Objects.checkIndex(i, size));
  }

  /** Returns the number of modules. */
  public int size() {
    return size;
  }

  @Override
  public Iterator<Module> iterator() {
    return entries().iterator();
  }

  private List<Module> entries() {
    return members(new java.util.ArrayList<>()).values().stream().map(Module.class::cast).toList();
  }
}
