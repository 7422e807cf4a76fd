package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Approximate;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.Set;
import java.util.TreeSet;

/** Activations by the names that configurations of Hugging Face's models give them. */
final class HiddenActivations {
  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "gelu",
              "gelu_new",
              "gelu_pytorch_tanh",
              "gelu_fast",
              "quick_gelu",
              "relu",
              "silu",
              "swish",
              "tanh"));

  private HiddenActivations() {}

  /** Returns a name that {@link #apply} takes, or throws. */
  static String checked(String name) {
    if (name == null || !NAMES.contains(name)) {
      throw new IllegalArgumentException(
          message("activation: must be one of %s; got %s", NAMES, name));
    }
    return name;
  }

  /** Computes the activation of a checked name. */
  static Tensor apply(String name, Tensor x) {
    return switch (name) {
      case "gelu" -> Functional.gelu(x, Approximate.NONE);
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Functional.gelu(x, Approximate.TANH);
      case "quick_gelu" -> x.mul(x.mul(1.702).sigmoid());
      case "relu" -> x.relu();
      case "silu", "swish" -> Functional.silu(x);
      case "tanh" -> x.tanh();
      default -> throw new AssertionError(name);
    };
  }
}
