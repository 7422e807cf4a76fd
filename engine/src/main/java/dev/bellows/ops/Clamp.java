package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * min(max(x, low), high), NaN where any is; either bound may be missing. Gradients: g for x where
 * it is within the bounds; for a bound where it is the result.
 */
public final class Clamp extends Elementwise {
  private final boolean hasLow;
  private final boolean hasHigh;

  private Clamp(boolean hasLow, boolean hasHigh) {
    this.hasLow = hasLow;
    this.hasHigh = hasHigh;
  }

  /**
   * Elements brought within bounds, all of one type; a bound may be null.
   *
   * @throws IllegalArgumentException if both bounds are null
   */
  public static Tensor of(Tensor x, Tensor low, Tensor high) {
    check(low, high);
    Tensor[] in =
        low == null
            ? new Tensor[] {x, high}
            : high == null ? new Tensor[] {x, low} : new Tensor[] {x, low, high};
    return new Clamp(low != null, high != null).apply(in);
  }

  /**
   * Checks that there is a bound.
   *
   * @throws IllegalArgumentException if both bounds are null
   */
  public static void check(Object low, Object high) {
    if (low == null && high == null) {
      throw new IllegalArgumentException(
          "clamp: At least one of 'min' or 'max' must not be None; got null for both");
    }
  }

  @Override
  public String name() {
    return "clamp";
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Kernels kernels = Internals.kernels(out);
    Strided part = in[0];
    if (hasLow) {
      kernels.binary(BinaryOp.MAXIMUM, part, in[1], out);
      part = out;
    }
    if (hasHigh) {
      kernels.binary(BinaryOp.MINIMUM, part, in[in.length - 1], out);
    }
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor x = ctx.saved(0);
    Tensor low = hasLow ? ctx.saved(1) : null;
    Tensor high = hasHigh ? ctx.saved(hasLow ? 2 : 1) : null;
    Tensor[] grads = new Tensor[hasLow && hasHigh ? 3 : 2];
    Tensor zero = Tensor.zerosLike(gradOut);
    if (ctx.needsInputGrad(0)) {
      Tensor inside =
          high == null ? x.ge(low) : low == null ? x.le(high) : x.ge(low).logicalAnd(x.le(high));
      grads[0] = Tensor.where(inside, gradOut, zero);
    }
    if (hasLow && ctx.needsInputGrad(1)) {
      Tensor below = high == null ? x.lt(low) : x.lt(low).logicalAnd(low.lt(high));
      grads[1] = Tensor.where(below, gradOut, zero);
    }
    int last = grads.length - 1;
    if (hasHigh && ctx.needsInputGrad(last)) {
      Tensor above = low == null ? x.gt(high) : x.gt(high).logicalOr(high.lt(low));
      grads[last] = Tensor.where(above, gradOut, zero);
    }
    return grads;
  }
}
