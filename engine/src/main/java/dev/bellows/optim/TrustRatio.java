package dev.bellows.optim;

import dev.bellows.tensor.Tensor;

/** Computes the ratio by which layer-wise optimizers scale a step. */
final class TrustRatio {
  private TrustRatio() {}

  /** Returns norm / other, 1 if either is 0; a tensor, so that a device is not waited for. */
  static Tensor of(Tensor norm, Tensor other) {
    return norm.div(other).maskedFill_(norm.eq(0), 1).maskedFill_(other.eq(0), 1);
  }
}
