package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
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
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(ctx.needsInputGrad(1) ? in[0] : null, ctx.needsInputGrad(0) ? in[1] : null);
  }

  @Override
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    return gradOut.mul(ctx.saved(1));
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    return gradOut.mul(ctx.saved(0));
  }
}
