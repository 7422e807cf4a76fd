package dev.bellows.ops;

import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/** Who gets the gradient of a maximum or minimum. */
final class Extremes {
  private Extremes() {}

  /** 1 where a wins over b, ½ where they are equal, else 0, in a's type. */
  static Tensor share(Tensor a, Tensor b, BinaryOp wins) {
    Tensor winner = Compare.of(wins, a, b).to(a.dtype());
    Tensor equal = Compare.of(BinaryOp.EQ, a, b).to(a.dtype());
    return winner.add(equal.mul(0.5));
  }
}
