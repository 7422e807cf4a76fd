package dev.bellows.nn;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tensors by name, in order of insertion: the learned state of a module. Names are the fields on
 * the way joined by dots, as {@code features.0.weight}. The tensors of {@link Module#stateDict()}
 * share memory with the module; {@link #copy()} gives a snapshot.
 */
public final class StateDict {
  private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();

  /** A state dict without entries. */
  public StateDict() {}

  /** A state dict of a map's entries, in its order; the tensors are shared. */
  public static StateDict of(Map<String, Tensor> tensors) {
    StateDict dict = new StateDict();
    tensors.forEach(dict::put);
    return dict;
  }

  /** Adds or replaces an entry. */
  public void put(String key, Tensor tensor) {
    if (tensor == null) {
      throw new IllegalArgumentException("StateDict.put: " + key + ": tensor must not be null");
    }
    tensors.put(key, tensor);
  }

  /**
   * The tensor of a key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String key) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "StateDict.get: no entry " + key + "; there are " + tensors.keySet());
    }
    return tensor;
  }

  /** Whether there is an entry of that key. */
  public boolean contains(String key) {
    return tensors.containsKey(key);
  }

  /** Takes an entry out; answers its tensor, or null if there was none. */
  public Tensor remove(String key) {
    return tensors.remove(key);
  }

  /** The keys, in order. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** The entries, in order. */
  public Set<Map.Entry<String, Tensor>> entries() {
    return Collections.unmodifiableMap(tensors).entrySet();
  }

  /** The entries as a map in order, which is a view. */
  public Map<String, Tensor> asMap() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Number of entries. */
  public int size() {
    return tensors.size();
  }

  /** The same keys with copies of the tensors, which no scope releases. */
  public StateDict copy() {
    StateDict copy = new StateDict();
    tensors.forEach((key, tensor) -> copy.put(key, tensor.detach().clone().retain()));
    return copy;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("StateDict(");
    tensors.forEach(
        (key, tensor) ->
            text.append("\n  ")
                .append(key)
                .append(": ")
                .append(tensor.dtype())
                .append(Arrays.toString(tensor.shape())));
    return text.append(tensors.isEmpty() ? ")" : "\n)").toString();
  }
}
