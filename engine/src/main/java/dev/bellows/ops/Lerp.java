package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/**
 * x + weight·(end − x) from the nearer end, broadcast, of one floating point type. Gradients: g·(1
 * − weight), g·weight and g·(end − x).
 */
public final class Lerp extends EngineFunction {
  private static final Lerp OP = new Lerp();

  /**
   * Interpolates linearly: self + weight · (end − self).
   *
   * @throws IllegalArgumentException if the types differ
   */
  public static Tensor lerp(Tensor self, Tensor end, Number weight) {
    checkSame("lerp", self, end);
    if (self.dtype().isHalf()) {
      return lerp(self.to(DType.FLOAT32), end.to(DType.FLOAT32), weight).to(self.dtype());
    }
    double w = weight.doubleValue();
    Tensor difference = end.sub(self);
    return Math.abs(w) < 0.5 ? self.add(difference, w) : end.sub(difference, 1 - w);
  }

  /** Overwrites this with {@link Tensor#lerp(Tensor, Number)} and gives it back. */
  public static Tensor lerp_(Tensor self, Tensor end, Number weight) {
    Overwriting.check("lerp_", self);
    checkSame("lerp", self, end);
    double w = weight.doubleValue();
    return Math.abs(w) < 0.5 && !self.dtype().isHalf()
        ? self.add_(end.sub(self), w)
        : Overwriting.with("lerp_", self, x -> lerp(x, end, weight));
  }

  /**
   * Interpolates linearly: self + weight · (end − self).
   *
   * @throws IllegalArgumentException if the types differ
   */
  @InPlaceTwin
  public static Tensor lerp(Tensor self, Tensor end, Tensor weight) {
    checkSame("lerp", self, end, weight);
    if (self.dtype().isHalf()) {
      DType wide = DType.FLOAT32;
      return lerp(self.to(wide), end.to(wide), weight.to(wide)).to(self.dtype());
    }
    return OP.apply(self, end, weight);
  }

  private static void checkSame(String operation, Tensor x, Tensor... others) {
    for (Tensor t : others) {
      if (t.dtype() != x.dtype() || !x.dtype().isFloatingPoint()) {
        throw new IllegalArgumentException(
            message(
                "%s: expected floating point dtype %s for all; got %s",
                operation, x.dtype(), t.dtype()));
      }
    }
  }

  @Override
  public String name() {
    return "lerp";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in);
    Tensor difference = in[1].sub(in[0]);
    return new Tensor[] {
      Tensor.where(
          in[2].abs().lt(0.5),
          in[0].add(in[2].mul(difference)),
          in[1].sub(difference.mul(in[2].rsub(1))))
    };
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor[] grads = new Tensor[3];
    if (ctx.needsInputGrad(0)) {
      grads[0] = gradOut.mul(ctx.saved(2).rsub(1));
    }
    if (ctx.needsInputGrad(1)) {
      grads[1] = gradOut.mul(ctx.saved(2));
    }
    if (ctx.needsInputGrad(2)) {
      Tensor difference = ctx.saved(1).sub(ctx.saved(0));
      grads[2] = gradOut.mul(difference);
    }
    return grads;
  }
}
