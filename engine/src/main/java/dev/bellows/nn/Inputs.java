package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;

/** Rules that inputs of several functions follow. */
final class Inputs {
  private Inputs() {}

  /** Checks that a function can compute in the input's type, as PyTorch's kernels do. */
  static void requireFloating(String name, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message("%s: input must be of a floating-point type; got %s", name, x.dtype()));
    }
  }
}
