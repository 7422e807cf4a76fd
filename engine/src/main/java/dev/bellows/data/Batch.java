package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Named tensors with the same number of rows, which is their size along dimension 0. */
public final class Batch {
  private final LinkedHashMap<String, Tensor> inputs;
  private final long size;

  private Batch(LinkedHashMap<String, Tensor> inputs, long size) {
    this.inputs = inputs;
    this.size = size;
  }

  /**
   * Returns a batch of named tensors, in the map's order.
   *
   * @throws IllegalArgumentException if there is none, one has no dimension 0, or their numbers of
   *     rows differ
   */
  public static Batch of(Map<String, Tensor> inputs) {
    return new Batch(new LinkedHashMap<>(inputs), rowsOf("batch", inputs));
  }

  /** Returns the common number of rows of named tensors. */
  static long rowsOf(String what, Map<String, Tensor> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(what + ": needs at least one input; got none");
    }
    long rows = -1;
    boolean same = true;
    LinkedHashMap<String, String> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      long[] shape = input.getValue().shape();
      shapes.put(input.getKey(), Arrays.toString(shape));
      long size = shape.length == 0 ? -1 : shape[0];
      rows = rows < 0 ? size : rows;
      same &= size >= 0 && size == rows;
    }
    if (!same) {
      throw new IllegalArgumentException(
          message(
              "%s: inputs must have the same number of rows (dimension 0); got %s", what, shapes));
    }
    return rows;
  }

  /**
   * Returns the tensor of the given name.
   *
   * @throws IllegalArgumentException if there is none, listing the existing names
   */
  public Tensor input(String name) {
    Tensor input = inputs.get(name);
    if (input == null) {
      throw new IllegalArgumentException(
          message("batch: no input named %s; there are %s", name, inputs.keySet()));
    }
    return input;
  }

  /**
   * Returns the tensor at a position in the order of names, from 0.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Tensor input(int position) {
    return inputs.get(
        List.copyOf(inputs.keySet()).get(Objects.checkIndex(position, inputs.size())));
  }

  /** Returns the tensors by name, in order. */
  public Map<String, Tensor> inputs() {
    return Collections.unmodifiableMap(inputs);
  }

  /** Returns values by the names "0", "1" and so on. */
  static <V> Map<String, V> byPosition(List<V> values) {
    Map<String, V> named = new LinkedHashMap<>();
    values.forEach(value -> named.put(String.valueOf(named.size()), value));
    return named;
  }

  /** Returns the batch with its tensors on a device; this batch if all are there already. */
  public Batch to(Device device) {
    return to(device, false);
  }

  /**
   * Returns the batch with its tensors on a device; this batch if all are there already.
   *
   * @param nonBlocking whether the host does not wait for copies from pinned memory; see {@link
   *     Tensor#to(Device, boolean)}
   */
  public Batch to(Device device, boolean nonBlocking) {
    return map(input -> input.to(device, nonBlocking));
  }

  /**
   * Returns the batch with its tensors in pinned memory of the host; this batch if all are there
   * already.
   *
   * @throws UnsupportedOperationException if there is no GPU
   */
  public Batch pinMemory() {
    return map(Tensor::pinMemory);
  }

  private Batch map(UnaryOperator<Tensor> function) {
    LinkedHashMap<String, Tensor> mapped = new LinkedHashMap<>(inputs);
    mapped.replaceAll((name, input) -> function.apply(input));
    boolean same = inputs.entrySet().stream().allMatch(e -> mapped.get(e.getKey()) == e.getValue());
    return same ? this : new Batch(mapped, size);
  }

  /** Returns the number of rows. */
  public long size() {
    return size;
  }

  /** Returns the names, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(inputs.keySet());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Batch(");
    inputs.forEach(
        (name, tensor) -> {
          text.append(text.length() > 6 ? ", " : "").append(name).append(' ');
          text.append(tensor.dtype()).append(Arrays.toString(tensor.shape()));
        });
    return text.append(')').toString();
  }
}
