package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** sin x; gradient g·cos x. */
public final class Sin extends Unary {
  private static final Sin OP = new Sin();

  private Sin() {
    super("sin", UnaryOp.SIN);
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
    return new Tensor[] {gradOut.mul(ctx.saved(0).cos())};
  }
}
