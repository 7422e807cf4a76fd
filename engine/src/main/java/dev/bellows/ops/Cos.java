package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** cos x; gradient −g·sin x. */
public final class Cos extends Unary {
  private static final Cos OP = new Cos();

  private Cos() {
    super("cos", UnaryOp.COS);
  }

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  protected void saveInputs(OpContext ctx, Tensor... in) {
    ctx.save(in[0]);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {gradOut.mul(ctx.saved(0).sin()).neg()};
  }
}
