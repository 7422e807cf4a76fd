package dev.bellows.nn;

import dev.bellows.ops.Dropout;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Dropout in its forms. */
final class Dropouts {
  private Dropouts() {}

  /**
   * Applies {@link #dropout(Tensor, double, boolean, Generator)} with the thread's default
   * generator.
   */
  public static Tensor dropout(Tensor x, double p, boolean training) {
    return dropout(x, p, training, Generator.current());
  }

  /**
   * Zeroes each element with probability p and divides the others by 1 − p; returns x itself unless
   * {@code training}.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static Tensor dropout(Tensor x, double p, boolean training, Generator generator) {
    checkDropout(p);
    return training && p > 0 ? Dropout.of(x, p, generator.nextKey()) : x;
  }

  /**
   * Checks a dropout probability.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static void checkDropout(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "dropout probability has to be between 0 and 1, but got " + p);
    }
  }
}
