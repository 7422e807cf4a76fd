package dev.bellows.nn;

import dev.bellows.ops.Linear;
import dev.bellows.tensor.Tensor;

/** Affine and bilinear maps. */
final class Affine {
  private Affine() {}

  /**
   * Computes x · weightᵀ + bias.
   *
   * @param x [.., inFeatures]
   * @param weight [outFeatures, inFeatures]
   * @param bias [outFeatures], or null for none
   * @return [.., outFeatures]
   */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return Linear.of(x, weight, bias);
  }
}
