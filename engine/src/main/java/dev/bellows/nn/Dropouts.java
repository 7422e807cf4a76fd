package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.ops.Default;
import dev.bellows.ops.Dropout;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Dropout in its forms. */
final class Dropouts {
  /** −scale · alpha of {@link Activations#selu}: the value of a dropped element. */
  private static final double SELU_LIMIT = -1.7580993408473766;

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
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, l] or [c, l]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout1d(
      Tensor x, double p, boolean training, @Default("Generator.current()") Generator generator) {
    return channels("dropout1d", x, 2, 3, p, training, generator);
  }

  /**
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, h, w], or [n, c, l] as PyTorch takes three dimensions
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout2d(
      Tensor x, double p, boolean training, @Default("Generator.current()") Generator generator) {
    return channels("dropout2d", x, 2, 4, p, training, generator);
  }

  /**
   * Zeroes whole channels with probability p and divides the others by 1 − p; returns x itself
   * unless {@code training}.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has another number of dimensions
   */
  public static Tensor dropout3d(
      Tensor x, double p, boolean training, @Default("Generator.current()") Generator generator) {
    return channels("dropout3d", x, 4, 5, p, training, generator);
  }

  private static Tensor channels(
      String name, Tensor x, int least, int most, double p, boolean training, Generator generator) {
    checkDropout(p);
    if (x.dim() < least || x.dim() > most) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected %sD or %sD input, but received a %sD input",
              name, most - 1, most, x.dim()));
    }
    // two dimensions of a signal and four of a volume have no batch
    boolean unbatched = most != 4 && x.dim() == least;
    return training && p > 0 ? x.mul(kept(x, unbatched ? 1 : 2, p, generator)) : x;
  }

  /** 1 / (1 − p) or 0 for the first dimensions, which broadcasts to x. */
  private static Tensor kept(Tensor x, int dims, double p, Generator generator) {
    long[] shape = x.shape();
    Arrays.fill(shape, Math.min(dims, shape.length), shape.length, 1);
    Tensor ones = Tensor.on(x.device()).ones(x.dtype(), shape);
    return Dropout.of(ones, p, generator.nextKey());
  }

  /**
   * Sets each element with probability p to the limit of {@link Functional#selu} and scales all so
   * that mean 0 and variance 1 stay; returns x itself unless {@code training}.
   *
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public static Tensor alphaDropout(
      Tensor x, double p, boolean training, @Default("Generator.current()") Generator generator) {
    return alpha(x, x.dim(), p, training, generator);
  }

  /**
   * Computes {@link #alphaDropout(Tensor, double, boolean, Generator)} of whole channels.
   *
   * @param x [n, c, ..]
   * @param generator default the thread's
   * @throws IllegalArgumentException if p is not in [0, 1] or x has fewer than 2 dimensions
   */
  public static Tensor featureAlphaDropout(
      Tensor x, double p, boolean training, @Default("Generator.current()") Generator generator) {
    if (x.dim() < 2) {
      throw new IllegalArgumentException(
          message(
              "featureAlphaDropout: Feature dropout requires at least 2 dimensions in the input;"
                  + " got %s",
              x.dim()));
    }
    return alpha(x, 2, p, training, generator);
  }

  private static Tensor alpha(Tensor x, int dims, double p, boolean training, Generator generator) {
    checkDropout(p);
    if (!training || p == 0) {
      return x;
    } else if (p == 1) {
      return x.mul(0);
    }
    double a = 1 / Math.sqrt((SELU_LIMIT * SELU_LIMIT * p + 1) * (1 - p));
    Tensor isKept = kept(x, dims, p, generator).ne(0);
    Tensor dropped = x.newFull(SELU_LIMIT, x.dtype());
    return Tensor.where(isKept, x, dropped).mul(a).add(-SELU_LIMIT * a * p);
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
