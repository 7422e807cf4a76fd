package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.tensor.Tensor;

/** aᵇ; gradients g·b·aᵇ⁻¹ and g·aᵇ·ln a (0 where a = 0 and b ≥ 0). */
public final class Pow extends Binary {
  private static final Pow OP = new Pow();

  private Pow() {
    super("pow", BinaryOp.POW);
  }

  /** The operation on two tensors of one type, broadcast. */
  public static Tensor of(Tensor a, Tensor b) {
    return OP.apply(a, b);
  }

  @Override
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    // Where the exponent is 0 the result does not depend on a, not even at a = 0.
    Tensor grad = gradOut.mul(ctx.saved(1).mul(ctx.saved(0).pow(ctx.saved(1).sub(1))));
    return Tensor.where(ctx.saved(1).eq(0), Tensor.zerosLike(grad), grad);
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    Tensor slope = ctx.saved(0).pow(ctx.saved(1)).mul(ctx.saved(0).log());
    Tensor flat = ctx.saved(0).eq(0).logicalAnd(ctx.saved(1).ge(0));
    return gradOut.mul(Tensor.where(flat, Tensor.zerosLike(slope), slope));
  }
}
