package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/** a/b; gradients g/b and −g·(a/b)/b. */
public final class Div extends Binary {
  private static final Div OP = new Div();

  private Div() {
    super("div", BinaryOp.DIV);
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
    ctx.saveForBackward(ctx.needsInputGrad(1) ? in[0] : null, in[1]);
  }

  @Override
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    return gradOut.div(ctx.saved(1));
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    return gradOut.neg().mul(ctx.saved(0).div(ctx.saved(1)).div(ctx.saved(1)));
  }
}
