package dev.bellows.ops;

import dev.bellows.backend.UnaryOp;
import dev.bellows.tensor.Tensor;

/** max(x, 0); gradient g where the result is positive, else 0. */
public final class Relu extends Unary {
  private static final Relu OP = new Relu();

  private Relu() {
    super("relu", UnaryOp.RELU);
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
    return new Tensor[] {ReluGrad.of(ctx.saved(0), gradOut)};
  }
}
