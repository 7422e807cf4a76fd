package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chain of modules, each called with the output of the previous one. By default they are named
 * "0", "1" and so on. Negative indices count from the end. Source: PyTorch's {@code
 * torch.nn.Sequential}.
 */
public final class Sequential extends Module implements Iterable<Module> {
  private final transient LinkedHashMap<String, Module> layers = new LinkedHashMap<>();

  /** Creates a chain of modules named by their position. */
  public Sequential(Module... modules) {
    for (Module module : modules) {
      append(module);
    }
  }

  /** Creates a chain of named modules, in the map's order. */
  public Sequential(Map<String, ? extends Module> modules) {
    modules.forEach(this::addModule);
  }

  /** Appends a module named by its position; returns this module. */
  public Sequential append(Module module) {
    return addModule(Integer.toString(size()), module);
  }

  /** Appends modules named by their position; returns this module. */
  public Sequential extend(Iterable<? extends Module> modules) {
    modules.forEach(this::append);
    return this;
  }

  /**
   * Appends a module under the given name, or replaces the one of this name; returns this module.
   *
   * @throws IllegalArgumentException if the name is empty, contains a dot or is taken, or the
   *     module is null
   */
  public Sequential addModule(String name, Module module) {
    layers.put(name, register(name, module));
    return this;
  }

  /**
   * Replaces the i-th module, which keeps its name; returns this module.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Sequential set(int i, Module module) {
    addModule(name(i), module);
    return this;
  }

  /**
   * Returns the i-th module.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Module get(int i) {
    return layers.get(name(i));
  }

  /**
   * Returns a chain of the modules from one index to before another, which are shared and keep
   * their names. PyTorch: {@code layers[from:to]}.
   *
   * @throws IndexOutOfBoundsException if an index is outside, or the first is behind the second
   */
  public Sequential subList(int from, int to) {
    Map<String, Module> part = new LinkedHashMap<>();
    List<String> names = List.copyOf(layers.keySet()).subList(from, to);
    names.forEach(name -> part.put(name, layers.get(name)));
    return new Sequential(part);
  }

  /** Returns the number of modules. */
  public int size() {
    return layers.size();
  }

  private String name(int i) {
    if (i < -size() || i >= size()) {
      throw new IndexOutOfBoundsException(
          message("index %s is out of range; there are %s entries", i, size()));
    }
    return List.copyOf(layers.keySet()).get(i < 0 ? i + size() : i);
  }

  /** Returns an iterator over the modules that does not see later changes. */
  @Override
  public Iterator<Module> iterator() {
    return List.copyOf(layers.values()).iterator();
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor out = x;
    for (Module layer : layers.values()) {
      out = layer.call(out);
    }
    return out;
  }
}
