package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** √x; gradient g/(2√x). */
public final class Sqrt extends Unary {
  private static final Sqrt OP = new Sqrt();

  private Sqrt() {
    super("sqrt", UnaryOp.SQRT);
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
    return new Tensor[] {gradOut.div(ctx.saved(0).mul(2))};
  }
}
