package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * Clamps: min(max(x, low), high), NaN where any is; either bound may be missing. Gradients: g for x
 * where it is within the bounds; for a bound where it is the result.
 */
public final class Clamp extends Elementwise {
  private final boolean hasLow;
  private final boolean hasHigh;

  private Clamp(boolean hasLow, boolean hasHigh) {
    this.hasLow = hasLow;
    this.hasHigh = hasHigh;
  }

  /**
   * Clamps to [min, max], either of which may be null for no bound; {@code max} where min is
   * larger.
   *
   * @throws IllegalArgumentException if both are null
   */
  public static Tensor clamp(Tensor self, Number min, Number max) {
    DType type = type(self, min, max);
    return of(self.to(type), bound(self, min, type), bound(self, max, type));
  }

  /** Overwrites this with {@link Tensor#clamp(Number, Number)} and gives it back. */
  public static Tensor clamp_(Tensor self, Number min, Number max) {
    return clampInPlace("clamp_", self, min, max);
  }

  private static Tensor clampInPlace(String operation, Tensor self, Number min, Number max) {
    Overwriting.check(operation, self);
    DType type = type(self, min, max);
    Types.checkResult(operation, type, self.dtype());
    return new Clamp(min != null, max != null)
        .applyInPlace(inputs(self, bound(self, min, type), bound(self, max, type)));
  }

  private static DType type(Tensor self, Number min, Number max) {
    check(min, max);
    DType type = min == null ? self.dtype() : Types.promote(self, min);
    return max == null || type.isFloatingPoint() ? type : Types.promote(self.to(type), max);
  }

  private static Tensor bound(Tensor self, Number bound, DType type) {
    return bound == null ? null : self.newFull(bound, type);
  }

  private static void check(Object min, Object max) {
    if (min == null && max == null) {
      throw new IllegalArgumentException(
          "clamp: At least one of 'min' or 'max' must not be None; got null for both");
    }
  }

  /**
   * Clamps to [min, max], broadcast, either of which may be null for no bound; {@code max} where
   * min is larger.
   *
   * @throws IllegalArgumentException if both are null
   */
  public static Tensor clamp(Tensor self, Tensor min, Tensor max) {
    DType type = type(self, min, max);
    return of(self.to(type), bound(min, type), bound(max, type));
  }

  /** Overwrites this with {@link Tensor#clamp(Tensor, Tensor)} and gives it back. */
  public static Tensor clamp_(Tensor self, Tensor min, Tensor max) {
    DType type = type(self, min, max);
    Overwriting.check("clamp_", self);
    Types.checkResult("clamp_", type, self.dtype());
    if (type != self.dtype()) {
      return Overwriting.with("clamp_", self, x -> clamp(x, min, max));
    }
    // min is read before self is written, max afterwards
    Tensor high = max == null ? null : MaskedFill.apart(bound(max, type), self);
    return new Clamp(min != null, max != null).applyInPlace(inputs(self, bound(min, type), high));
  }

  private static DType type(Tensor self, Tensor min, Tensor max) {
    check(min, max);
    DType type = min == null ? self.dtype() : Types.promote(self, min);
    type = max == null ? type : Types.promote(self.to(type), max);
    Accepted.check("clamp by tensors", type);
    return type;
  }

  private static Tensor bound(Tensor bound, DType type) {
    return bound == null ? null : bound.to(type);
  }

  /** Clamps from below: at least min. */
  public static Tensor clampMin(Tensor self, Number min) {
    return clamp(self, min, null);
  }

  /** Overwrites this with {@link Tensor#clampMin(Number)} and gives it back. */
  public static Tensor clampMin_(Tensor self, Number min) {
    return clampInPlace("clampMin_", self, min, null);
  }

  /** Clamps from above: at most max. */
  public static Tensor clampMax(Tensor self, Number max) {
    return clamp(self, null, max);
  }

  /** Overwrites this with {@link Tensor#clampMax(Number)} and gives it back. */
  public static Tensor clampMax_(Tensor self, Number max) {
    return clampInPlace("clampMax_", self, null, max);
  }

  private static Tensor of(Tensor x, Tensor low, Tensor high) {
    return new Clamp(low != null, high != null).apply(inputs(x, low, high));
  }

  private static Tensor[] inputs(Tensor... given) {
    return Arrays.stream(given).filter(Objects::nonNull).toArray(Tensor[]::new);
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
