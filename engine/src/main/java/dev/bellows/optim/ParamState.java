package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** What an optimizer remembers of one parameter: named tensors and numbers. */
public final class ParamState {
  private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final LinkedHashMap<String, Double> numbers = new LinkedHashMap<>();

  ParamState() {}

  ParamState(Map<String, Tensor> tensors, Map<String, Double> numbers) {
    this.tensors.putAll(tensors);
    this.numbers.putAll(numbers);
  }

  /** Returns the tensors by name, in order of creation. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Returns whether there is a tensor of that name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Returns the tensor of that name, created at first use as zeros of the parameter's shape, type
   * and device. It outlives any scope and follows the parameter to another device.
   */
  public Tensor zeros(String name, Tensor parameter) {
    return tensor(name, parameter, () -> parameter.newZeros(parameter.shape()));
  }

  /**
   * Returns the tensor of that name, filled with {@code first} at first use; otherwise as for
   * zeros.
   */
  Tensor full(String name, Tensor parameter, double first) {
    return tensor(
        name, parameter, () -> parameter.newFull(first, parameter.dtype(), parameter.shape()));
  }

  /**
   * Returns the tensor of that name, created at first use by {@code first}; otherwise as for zeros.
   */
  Tensor tensor(String name, Tensor parameter, Supplier<Tensor> first) {
    Tensor state = tensors.computeIfAbsent(name, n -> first.get().retain());
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

  /** Replaces a tensor. */
  void put(String name, Tensor tensor) {
    Tensor before = tensors.put(name, tensor.retain());
    if (before != null && before != tensor) {
      before.close();
    }
  }

  /** Returns the numbers by name, in order of creation. */
  Map<String, Double> numbers() {
    return numbers;
  }

  /** Returns the number of that name; {@code first} if it was never set. */
  double number(String name, double first) {
    return numbers.getOrDefault(name, first);
  }

  void setNumber(String name, double value) {
    numbers.put(name, value);
  }

  /** Returns the number of steps taken. */
  public long step() {
    return (long) number(Optimizer.STEP, 0);
  }

  /** Counts one more step and returns its number, from 1. */
  public long nextStep() {
    long step = step() + 1;
    setNumber(Optimizer.STEP, step);
    return step;
  }

  void replaceAll(BiFunction<String, Tensor, Tensor> replacement) {
    tensors.replaceAll(replacement);
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
    numbers.clear();
  }
}
