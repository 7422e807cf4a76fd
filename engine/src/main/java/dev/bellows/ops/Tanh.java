package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** tanh x; gradient g·(1 − tanh²x). */
public final class Tanh extends Unary {
  private static final Tanh OP = new Tanh();

  private Tanh() {
    super("tanh", UnaryOp.TANH);
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
    return new Tensor[] {gradOut.mul(ctx.saved(0).mul(ctx.saved(0)).neg().add(1))};
  }
}
