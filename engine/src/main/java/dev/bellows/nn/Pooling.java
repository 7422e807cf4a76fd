package dev.bellows.nn;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.ops.MaxPool2d;
import dev.bellows.tensor.Tensor;

/** Pooling of windows. */
final class Pooling {
  private Pooling() {}

  /** Returns the maximum of each square window; the stride equals the window size. */
  public static Tensor maxPool2d(Tensor x, int kernel) {
    return maxPool2d(x, kernel, kernel, 0);
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return maxPool2d(x, new Pool2dArgs(kernel, kernel, stride, stride, padding, padding));
  }

  /**
   * Returns the maximum of each window; among equal maxima the gradient goes to the first.
   *
   * @param x [n, c, h, w]
   * @return [n, c, (h + 2·padH − kernelH) / strideH + 1, (w + 2·padW − kernelW) / strideW + 1]
   */
  public static Tensor maxPool2d(Tensor x, Pool2dArgs args) {
    return MaxPool2d.of(x, args);
  }
}
