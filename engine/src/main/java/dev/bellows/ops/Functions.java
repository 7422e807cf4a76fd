package dev.bellows.ops;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.tensor.Tensor;

/** The operations that layers are made of and that are not methods of {@link Tensor}. */
public final class Functions {
  private Functions() {}

  /** x [.., in] · weightᵀ + bias → [.., out]; weight [out, in], bias [out] or null. */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return Linear.of(x, weight, bias);
  }

  /** Convolution of x [n, c, h, w] with weight [o, c / groups, kh, kw], bias [o] or null. */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Conv2dArgs args) {
    return Conv2d.of(x, weight, bias, args);
  }

  /** Largest of each window of x [n, c, h, w]. */
  public static Tensor maxPool2d(Tensor x, Pool2dArgs args) {
    return MaxPool2d.of(x, args);
  }

  /** Zeroes elements with probability p and scales the others by 1 / (1 − p). */
  public static Tensor dropout(Tensor x, double p, RandomKey key) {
    return Dropout.of(x, p, key);
  }
}
