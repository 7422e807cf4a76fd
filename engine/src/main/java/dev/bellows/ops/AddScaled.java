package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** a + alpha·b of one type, broadcast; gradients g and alpha·g. */
public final class AddScaled extends Elementwise {
  private final Number alpha;

  private AddScaled(Number alpha) {
    this.alpha = alpha;
  }

  private static Elementwise with(Number alpha) {
    double factor = alpha.doubleValue();
    return factor == 1 ? Arithmetic.ADD : factor == -1 ? Arithmetic.SUB : new AddScaled(alpha);
  }

  /** Computes a + alpha·b. */
  public static Tensor of(Tensor a, Tensor b, Number alpha) {
    return with(alpha).apply(a, b);
  }

  /** Adds alpha·b to a in place and returns a. */
  public static Tensor inPlace(Tensor a, Tensor b, Number alpha) {
    return with(alpha).applyInPlace(a, b);
  }

  @Override
  public String name() {
    return "add";
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).addScaled(in[0], in[1], alpha, out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor g = gradOutputs[0];
    return new Tensor[] {
      ctx.needsInputGrad(0) ? g : null, ctx.needsInputGrad(1) ? g.mul(alpha) : null
    };
  }
}
