package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** What an optimizer remembers of one parameter: named tensors and the number of its steps. */
public final class ParamState {
  private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
  private long step;

  ParamState() {}

  ParamState(Map<String, Tensor> tensors, long step) {
    this.tensors.putAll(tensors);
    this.step = step;
  }

  /** The tensors by name, in order of creation. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The tensor of that name, created at first use as zeros of the parameter's shape, type and
   * device. It outlives any scope and follows the parameter to another device.
   */
  public Tensor zeros(String name, Tensor parameter) {
    Tensor state =
        tensors.computeIfAbsent(name, n -> parameter.newZeros(parameter.shape()).retain());
    if (state.device() != parameter.device()) {
      Tensor moved = state.to(parameter.device());
      if (moved != state) {
        tensors.put(name, moved.retain());
        state.close();
        return moved;
      }
    }
    return state;
  }

  /** Number of steps taken. */
  public long step() {
    return step;
  }

  /** Counts one more step and returns its number, from 1. */
  public long nextStep() {
    return ++step;
  }

  void replaceAll(BiFunction<String, Tensor, Tensor> replacement) {
    tensors.replaceAll(replacement);
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
