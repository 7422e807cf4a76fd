package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Modules one after the other, each called with what the one before gave. Without names they are
 * called "0", "1" and so on. Source: PyTorch's {@code torch.nn.Sequential}.
 */
public final class Sequential extends Module {
  private final transient List<Module> layers = new ArrayList<>();

  /** Modules named by their position. */
  public Sequential(Module... modules) {
    for (Module module : modules) {
      add(module);
    }
  }

  /** Modules under names of their own, in the map's order. */
  public Sequential(Map<String, ? extends Module> modules) {
    modules.forEach(this::add);
  }

  /** Adds a module at the end, named by its position; answers this module. */
  public Sequential add(Module module) {
    return add(Integer.toString(layers.size()), module);
  }

  /** Adds a module at the end; answers this module. */
  public Sequential add(String name, Module module) {
    layers.add(register(name, module));
    return this;
  }

  /** The i-th module. */
  public Module get(int i) {
    return layers.get(Objects.checkIndex(i, layers.size()));
  }

  /** Number of modules. */
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
