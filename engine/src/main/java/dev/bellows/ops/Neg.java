package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** −x; gradient −g. */
public final class Neg extends Unary {
  private static final Neg OP = new Neg();

  private Neg() {
    super("neg", UnaryOp.NEG);
  }

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {gradOut.neg()};
  }
}
