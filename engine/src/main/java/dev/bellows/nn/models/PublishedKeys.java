package dev.bellows.nn.models;

import dev.bellows.nn.StateDict;
import java.util.List;
import java.util.function.UnaryOperator;

/** Brings the keys of published weights to those of a model, in the state dict that is loaded. */
final class PublishedKeys {
  private PublishedKeys() {}

  /**
   * Renames the keys that start with a prefix.
   *
   * @param names returns the new name of what follows the prefix, or null to remove the entry
   */
  static void rename(StateDict dict, String prefix, UnaryOperator<String> names) {
    for (String key : List.copyOf(dict.keys())) {
      if (key.startsWith(prefix)) {
        String name = names.apply(key.substring(prefix.length()));
        String renamed = name == null ? null : prefix + name;
        if (!key.equals(renamed)) {
          var tensor = dict.remove(key);
          if (renamed != null) {
            dict.put(renamed, tensor);
          }
        }
      }
    }
  }

  /** Gives a missing entry the tensor of another one, as files leave out one of two tied ones. */
  static void tie(StateDict dict, String missing, String other) {
    if (!dict.contains(missing) && dict.contains(other)) {
      dict.put(missing, dict.get(other));
    }
  }
}
