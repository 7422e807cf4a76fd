package dev.bellows.ops;

import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/** a·b; gradients g·b and g·a. */
public final class Mul extends Binary {
  private static final Mul OP = new Mul();

  private Mul() {
    super("mul", BinaryOp.MUL);
  }

  /** The operation on two tensors of one type, broadcast. */
  public static Tensor of(Tensor a, Tensor b) {
    return OP.apply(a, b);
  }

  /** Overwrites a with the result and answers it. */
  public static Tensor inPlace(Tensor a, Tensor b) {
    return OP.applyInPlace(a, b);
  }

  @Override
  protected void saveInputs(OpContext ctx, Tensor... in) {
    ctx.keepShapes(in[0].strided().sizes(), in[1].strided().sizes());
    ctx.save(ctx.needs(1) ? in[0] : null, ctx.needs(0) ? in[1] : null);
  }

  @Override
  protected Tensor gradA(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(ctx.saved(1));
  }

  @Override
  protected Tensor gradB(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(ctx.saved(0));
  }
}
