package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** eˣ; gradient g·eˣ. */
public final class Exp extends Unary {
  private static final Exp OP = new Exp();

  private Exp() {
    super("exp", UnaryOp.EXP);
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
    return new Tensor[] {gradOut.mul(ctx.saved(0))};
  }
}
