package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** 1/(1 + e⁻ˣ) = s; gradient g·s·(1 − s). */
public final class Sigmoid extends Unary {
  private static final Sigmoid OP = new Sigmoid();

  private Sigmoid() {
    super("sigmoid", UnaryOp.SIGMOID);
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
    return new Tensor[] {gradOut.mul(ctx.saved(0)).mul(ctx.saved(0).neg().add(1))};
  }
}
