package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The learned state of a module: tensors by name, in order of insertion. Names are the field names
 * on the path joined by dots, for example {@code features.0.weight}. The tensors of {@link
 * Module#stateDict()} share memory with the module; {@link #copy()} returns a snapshot.
 */
public final class StateDict {
  private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();

  /** Creates an empty state dict. */
  public StateDict() {}

  /** Returns a state dict with a map's entries, in its order; the tensors are shared. */
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
   * Returns the tensor for a key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String key) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new IllegalArgumentException(
          message("StateDict.get: no entry %s; there are %s", key, tensors.keySet()));
    }
    return tensor;
  }

  /** Returns whether there is an entry for the key. */
  public boolean contains(String key) {
    return tensors.containsKey(key);
  }

  /** Removes an entry; returns its tensor, or null if there was none. */
  public Tensor remove(String key) {
    return tensors.remove(key);
  }

  /** Returns the keys, in order. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** Returns the entries, in order. */
  public Set<Map.Entry<String, Tensor>> entries() {
    return Collections.unmodifiableMap(tensors).entrySet();
  }

  /** Returns a view of the entries as an ordered map. */
  public Map<String, Tensor> asMap() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Returns the number of entries. */
  public int size() {
    return tensors.size();
  }

  /** Returns a state dict with copies of the tensors, which no scope releases. */
  public StateDict copy() {
    StateDict copy = new StateDict();
    tensors.forEach((key, tensor) -> copy.put(key, tensor.detach().clone().retain()));
    return copy;
  }

  /** Returns the names and tensors, in order. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("StateDict(");
    tensors.forEach(
        (key, tensor) ->
            text.append("\n  ")
                .append(key)
                .append(": ")
                .append(tensor.toString().replace("\n", "\n" + " ".repeat(key.length() + 4))));
    return text.append(tensors.isEmpty() ? ")" : "\n)").toString();
  }
}
