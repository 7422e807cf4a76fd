package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A chain of modules, each called with the output of the previous one. By default they are named
 * "0", "1" and so on. Source: PyTorch's {@code torch.nn.Sequential}.
 */
public final class Sequential extends Module {
  private final transient List<Module> layers = new ArrayList<>();

  /** Creates a chain of modules named by their position. */
  public Sequential(Module... modules) {
    for (Module module : modules) {
      add(module);
    }
  }

  /** Creates a chain of named modules, in the map's order. */
  public Sequential(Map<String, ? extends Module> modules) {
    modules.forEach(this::add);
  }

  /** Appends a module named by its position; returns this module. */
  public Sequential add(Module module) {
    return add(Integer.toString(layers.size()), module);
  }

  /** Appends a module under the given name; returns this module. */
  public Sequential add(String name, Module module) {
    layers.add(register(name, module));
    return this;
  }

  /** Returns the i-th module. */
  public Module get(int i) {
    return layers.get(Objects.checkIndex(i, layers.size()));
  }

  /** Returns the number of modules. */
  public int size() {
    return layers.size();
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor out = x;
    for (Module layer : layers) {
      out = layer.call(out);
    }
    return out;
  }
}
