package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** 1/x; gradient −g/x². */
public final class Reciprocal extends Unary {
  private static final Reciprocal OP = new Reciprocal();

  private Reciprocal() {
    super("reciprocal", UnaryOp.RECIPROCAL);
  }

  /** The operation on one tensor. */
  public static Tensor of(Tensor x) {
    return OP.apply(x);
  }

  @Override
  protected void saveResult(OpContext ctx, Tensor out) {
    ctx.saveOutput(out);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    return new Tensor[] {gradOut.mul(ctx.saved(0)).mul(ctx.saved(0)).neg()};
  }
}
