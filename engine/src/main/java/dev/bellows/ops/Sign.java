package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** −1, 0 or 1 by the sign of x; gradient 0. */
public final class Sign extends Unary {
  private static final Sign OP = new Sign();

  private Sign() {
    super("sign", UnaryOp.SIGN);
  }

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {Tensor.zerosLike(gradOut)};
  }
}
