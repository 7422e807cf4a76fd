package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.tensor.Tensor;

/**
 * x + value·a·b or x + value·a/b, broadcast. Gradients: g for x; g·(b·value) and g·(a·value), or
 * g·(value/b) and −g·(value·a/b²).
 */
final class Addc extends EngineFunction {
  private final boolean divides;
  private final Number value;

  private Addc(boolean divides, Number value) {
    this.divides = divides;
    this.value = value;
  }

  /** x + value·a·b, of one type. */
  static Tensor mul(Tensor x, Tensor a, Tensor b, Number value) {
    return new Addc(false, value).apply(x, a, b);
  }

  /** x + value·a/b, of one floating point type. */
  static Tensor div(Tensor x, Tensor a, Tensor b, Number value) {
    return new Addc(true, value).apply(x, a, b);
  }

  @Override
  public String name() {
    return divides ? "addcdiv" : "addcmul";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(
        null,
        ctx.needsInputGrad(2) ? in[1] : null,
        ctx.needsInputGrad(1) || divides ? in[2] : null);
    return new Tensor[] {in[0].add(divides ? in[1].div(in[2]) : in[1].mul(in[2]), value)};
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
