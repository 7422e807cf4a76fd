package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/**
 * x + value·a·b or x + value·a/b, broadcast. Gradients: g for x; g·(b·value) and g·(a·value), or
 * g·(value/b) and −g·(value·a/b²).
 */
public final class Addc extends EngineFunction {
  private final boolean divides;
  private final Number value;
  private final boolean inPlace;

  private Addc(boolean divides, Number value, boolean inPlace) {
    this.divides = divides;
    this.value = value;
    this.inPlace = inPlace;
  }

  /** Computes self + value · a · b, broadcast. */
  public static Tensor addcmul(Tensor self, Tensor a, Tensor b, Number value) {
    return product(self, a, b, value, false);
  }

  /** Overwrites this with {@link Tensor#addcmul(Tensor, Tensor, Number)} and gives it back. */
  public static Tensor addcmul_(Tensor self, Tensor a, Tensor b, Number value) {
    Overwriting.check("addcmul_", self);
    return product(self, a, b, value, true);
  }

  private static Tensor product(Tensor self, Tensor a, Tensor b, Number value, boolean inPlace) {
    DType type = Types.promote(self, a, b);
    Accepted.check("addcmul", type);
    Number factor = type.isFloatingPoint() ? value : (Number) value.longValue();
    return new Addc(false, factor, inPlace).of(type, self, a, b);
  }

  /**
   * Computes self + value · a / b, broadcast.
   *
   * @throws IllegalArgumentException if a and b are integers
   */
  public static Tensor addcdiv(Tensor self, Tensor a, Tensor b, Number value) {
    return quotient(self, a, b, value, false);
  }

  /** Overwrites this with {@link Tensor#addcdiv(Tensor, Tensor, Number)} and gives it back. */
  public static Tensor addcdiv_(Tensor self, Tensor a, Tensor b, Number value) {
    Overwriting.check("addcdiv_", self);
    return quotient(self, a, b, value, true);
  }

  private static Tensor quotient(Tensor self, Tensor a, Tensor b, Number value, boolean inPlace) {
    if (!a.dtype().isFloatingPoint() && !b.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "addcdiv: Integer division with addcdiv is not supported; convert to floating point,"
                  + " got %s and %s",
              a.dtype(), b.dtype()));
    }
    return new Addc(true, value, inPlace).of(Types.promote(self, a, b), self, a, b);
  }

  private Tensor of(DType type, Tensor self, Tensor a, Tensor b) {
    if (!inPlace || type == self.dtype()) {
      return apply(self.to(type), a.to(type), b.to(type));
    }
    Addc copying = new Addc(divides, value, false);
    return Overwriting.with(name() + "_", self, x -> copying.of(type, x, a, b));
  }

  @Override
  public String name() {
    return divides ? "addcdiv" : "addcmul";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    if (inPlace) {
      ctx.markDirty(name() + "_", in[0]);
      ctx.overwrites(in[0]);
    }
    ctx.saveForBackward(
        null,
        ctx.needsInputGrad(2) ? in[1] : null,
        ctx.needsInputGrad(1) || divides ? in[2] : null);
    Tensor term = divides ? in[1].div(in[2]) : in[1].mul(in[2]);
    return new Tensor[] {inPlace ? in[0].add_(term, value) : in[0].add(term, value)};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor[] grads = new Tensor[3];
    if (ctx.needsInputGrad(0)) {
      grads[0] = gradOut;
    }
    if (ctx.needsInputGrad(1)) {
      Tensor b = ctx.saved(2);
      Tensor slope = divides ? b.reciprocal().mul(value) : b.mul(value);
      grads[1] = gradOut.mul(slope);
    }
    if (ctx.needsInputGrad(2)) {
      Tensor a = ctx.saved(1).mul(value);
      Tensor slope = divides ? a.div(ctx.saved(2).square()).neg() : a;
      grads[2] = gradOut.mul(slope);
    }
    return grads;
  }
}
