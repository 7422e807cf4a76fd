package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** x with a value where a mask is true, broadcast; each gets the gradient of its elements. */
public final class MaskedFill extends Elementwise {
  private static final MaskedFill OP = new MaskedFill();

  private MaskedFill() {}

  /**
   * Copies this, broadcast with the mask, with the value of a 0-d tensor where the mask is true.
   *
   * @param mask BOOL
   * @throws IllegalArgumentException if mask is of another type, or the value has dimensions or a
   *     type that does not fit
   */
  public static Tensor maskedFill(Tensor self, Tensor mask, Tensor value) {
    check(self, mask, value);
    return OP.apply(self, mask, value.to(self.dtype()));
  }

  /** Overwrites this with {@link Tensor#maskedFill(Tensor, Tensor)} and gives it back. */
  public static Tensor maskedFill_(Tensor self, Tensor mask, Tensor value) {
    Overwriting.check("maskedFill_", self);
    check(self, mask, value);
    return OP.applyInPlace(self, mask, apart(value.to(self.dtype()), self));
  }

  /**
   * Copies this, broadcast with the mask, with a value where the mask is true.
   *
   * @param mask BOOL
   * @throws IllegalArgumentException if mask is of another type, or this type cannot hold the value
   */
  public static Tensor maskedFill(Tensor self, Tensor mask, Number value) {
    check(self, value);
    try (Tensor one = self.newFull(value, self.dtype())) {
      return maskedFill(self, mask, one);
    }
  }

  /** Overwrites this with {@link Tensor#maskedFill(Tensor, Number)} and gives it back. */
  public static Tensor maskedFill_(Tensor self, Tensor mask, Number value) {
    Overwriting.check("maskedFill_", self);
    check(self, value);
    try (Tensor one = self.newFull(value, self.dtype())) {
      return maskedFill_(self, mask, one);
    }
  }

  private static void check(Tensor self, Tensor mask, Tensor value) {
    Masks.require("maskedFill", mask);
    if (value.dim() > 0) {
      throw new IllegalArgumentException(
          message(
              "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with %s"
                  + " dimension(s).",
              value.dim()));
    }
    Types.checkResult("maskedFill", value.dtype(), self.dtype());
  }

  private static void check(Tensor self, Number value) {
    boolean whole = !Types.isReal(value) || value.doubleValue() == Math.rint(value.doubleValue());
    if (self.dtype().isIntegral() && !whole) {
      throw new IllegalArgumentException(
          message(
              "maskedFill: value cannot be converted to type %s without overflow; got %s",
              self.dtype(), value));
    }
  }

  /** Returns a copy of a tensor that shares memory with another, which is about to be written. */
  static Tensor apart(Tensor x, Tensor written) {
    return x.storage() == written.storage() ? x.clone() : x;
  }

  @Override
  public String name() {
    return "maskedFill";
  }

  @Override
  protected void checkTypes(Tensor... in) {
    // The mask is BOOL, the others are of one type.
  }

  @Override
  protected void saveInputs(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[1]);
  }

  @Override
  protected void compute(Strided out, Strided... in) {
    Internals.kernels(out).where(in[1], in[2], in[0], out);
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor mask = ctx.saved(0);
    return new Tensor[] {
      ctx.needsInputGrad(0) ? maskedFill(gradOut, mask, 0) : null,
      null,
      ctx.needsInputGrad(2) ? Where.of(mask, gradOut, Tensor.zerosLike(gradOut)) : null
    };
  }
}
