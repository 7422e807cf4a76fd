package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** |x|; gradient g·sign(x), 0 at 0. */
public final class Abs extends Unary {
  private static final Abs OP = new Abs();

  private Abs() {
    super("abs", UnaryOp.ABS);
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
    return new Tensor[] {gradOut.mul(ctx.saved(0).sign())};
  }
}
