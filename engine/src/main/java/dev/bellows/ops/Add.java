package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** a + alpha·b, broadcast; gradients g and alpha·g, summed over repeated dimensions. */
public final class Add extends Binary {
  private static final Add ONE = new Add(1);
  private static final Add MINUS_ONE = new Add(-1);

  private final Number alpha;

  private Add(Number alpha) {
    super(isMinusOne(alpha) ? "sub" : "add", isMinusOne(alpha) ? BinaryOp.SUB : BinaryOp.ADD);
    this.alpha = alpha;
  }

  private static boolean isMinusOne(Number alpha) {
    return alpha.doubleValue() == -1;
  }

  private static Add with(Number alpha) {
    return alpha.doubleValue() == 1 ? ONE : isMinusOne(alpha) ? MINUS_ONE : new Add(alpha);
  }

  /** a + alpha·b. */
  public static Tensor of(Tensor a, Tensor b, Number alpha) {
    return with(alpha).apply(a, b);
  }

  /** a += alpha·b; answers a. */
  public static Tensor inPlace(Tensor a, Tensor b, Number alpha) {
    return with(alpha).applyInPlace(a, b);
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {}

  @Override
  protected void compute(Strided out, Strided... in) {
    if (Math.abs(alpha.doubleValue()) == 1) {
      super.compute(out, in);
    } else {
      Internals.kernels(out).addScaled(in[0], in[1], alpha, out);
    }
  }

  @Override
  protected Tensor gradA(FunctionContext ctx, Tensor gradOut) {
    return gradOut;
  }

  @Override
  protected Tensor gradB(FunctionContext ctx, Tensor gradOut) {
    return alpha.doubleValue() == 1 ? gradOut : gradOut.mul(alpha);
  }
}
