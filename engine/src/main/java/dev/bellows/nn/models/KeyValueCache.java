package dev.bellows.nn.models;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The keys and values of the tokens that a model has seen, for each of its layers. */
final class KeyValueCache {
  private final List<Layer> layers = new ArrayList<>();

  /** The keys and values of one layer, [n, heads, t, d], null before the first token. */
  static final class Layer {
    private Tensor keys;
    private Tensor values;

    /** Returns the number of tokens. */
    long length() {
      return keys == null ? 0 : keys.size(2);
    }

    /** Appends keys and values of further tokens. */
    void append(Tensor moreKeys, Tensor moreValues) {
      keys = keys == null ? moreKeys : Tensor.cat(List.of(keys, moreKeys), 2);
      values = values == null ? moreValues : Tensor.cat(List.of(values, moreValues), 2);
    }

    Tensor keys() {
      return keys;
    }

    Tensor values() {
      return values;
    }
  }

  /** Creates an empty cache. */
  KeyValueCache(long layers) {
    for (long i = 0; i < layers; i++) {
      this.layers.add(new Layer());
    }
  }

  Layer layer(int index) {
    return layers.get(index);
  }

  /** Returns the number of tokens. */
  long length() {
    return layers.get(0).length();
  }
}
