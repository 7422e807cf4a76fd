package dev.bellows.ops;

import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** The smaller of a and b, NaN if either is; gradient to the winner, halved between equals. */
public final class Minimum extends Binary {
  private static final Minimum OP = new Minimum();

  private Minimum() {
    super("minimum");
  }

  /** The operation on two tensors of one type, broadcast. */
  public static Tensor of(Tensor a, Tensor b) {
    return OP.apply(a, b);
  }

  @Override
  protected void saveInputs(OpContext ctx, Tensor... in) {
    super.saveInputs(ctx, in);
    ctx.save(in[0], in[1]);
  }

  @Override
  protected void compute(Tensor out, Strided... in) {
    Internals.kernels(out).binary(BinaryOp.MINIMUM, in[0], in[1], out.strided());
  }

  @Override
  protected Tensor gradA(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(Extremes.share(ctx.saved(0), ctx.saved(1), BinaryOp.LT));
  }

  @Override
  protected Tensor gradB(OpContext ctx, Tensor gradOut) {
    return gradOut.mul(Extremes.share(ctx.saved(1), ctx.saved(0), BinaryOp.LT));
  }
}
