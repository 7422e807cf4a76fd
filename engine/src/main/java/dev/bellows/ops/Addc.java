package dev.bellows.ops;

import dev.bellows.tensor.Tensor;

/**
 * x + value·a·b or x + value·a/b, broadcast. Gradients: g for x; g·(b·value) and g·(a·value), or
 * g·(value/b) and −g·(value·a/b²).
 */
final class Addc extends Op {
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
  protected Tensor forward(OpContext ctx, Tensor... in) {
    ctx.save(null, ctx.needs(2) ? in[1] : null, ctx.needs(1) || divides ? in[2] : null);
    ctx.keepShapes(in[0].shape(), in[1].shape(), in[2].shape());
    return in[0].add(divides ? in[1].div(in[2]) : in[1].mul(in[2]), value);
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    Tensor[] grads = new Tensor[3];
    if (ctx.needs(0)) {
      grads[0] = Broadcasting.sumTo(gradOut, ctx.shape(0));
    }
    if (ctx.needs(1)) {
      Tensor b = ctx.saved(2);
      Tensor slope = divides ? b.reciprocal().mul(value) : b.mul(value);
      grads[1] = Broadcasting.sumTo(gradOut.mul(slope), ctx.shape(1));
    }
    if (ctx.needs(2)) {
      Tensor a = ctx.saved(1).mul(value);
      Tensor slope = divides ? a.div(ctx.saved(2).square()).neg() : a;
      grads[2] = Broadcasting.sumTo(gradOut.mul(slope), ctx.shape(2));
    }
    return grads;
  }
}
