package dev.bellows.nn;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.ops.Conv2d;
import dev.bellows.tensor.Tensor;

/** Convolutions. */
final class Convolutions {
  private Convolutions() {}

  /**
   * Computes the cross-correlation of images with filters, with stride 1, no padding and one group.
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
    return conv2d(x, weight, bias, new Conv2dArgs(1, 1, 0, 0, 1, 1, 1));
  }

  /**
   * Computes the cross-correlation of images with filters.
   *
   * @param x [n, inChannels, h, w]
   * @param weight [outChannels, inChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW], each by {@link Conv2dArgs#outSize}
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Conv2dArgs args) {
    return Conv2d.of(x, weight, bias, args);
  }
}
