package dev.bellows.ops;

import dev.bellows.tensor.Tensor;

/**
 * x + weight·(end − x) from the nearer end, broadcast, of one floating point type. Gradients: g·(1
 * − weight), g·weight and g·(end − x).
 */
final class Lerp extends Op {
  private static final Lerp OP = new Lerp();

  static Tensor of(Tensor x, Tensor end, Tensor weight) {
    return OP.apply(x, end, weight);
  }

  @Override
  public String name() {
    return "lerp";
  }

  @Override
  protected Tensor forward(OpContext ctx, Tensor... in) {
    ctx.save(in);
    ctx.keepShapes(in[0].shape(), in[1].shape(), in[2].shape());
    Tensor difference = in[1].sub(in[0]);
    return Tensor.where(
        in[2].abs().lt(0.5),
        in[0].add(in[2].mul(difference)),
        in[1].sub(difference.mul(in[2].rsub(1))));
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    Tensor[] grads = new Tensor[3];
    if (ctx.needs(0)) {
      grads[0] = Broadcasting.sumTo(gradOut.mul(ctx.saved(2).rsub(1)), ctx.shape(0));
    }
    if (ctx.needs(1)) {
      grads[1] = Broadcasting.sumTo(gradOut.mul(ctx.saved(2)), ctx.shape(1));
    }
    if (ctx.needs(2)) {
      Tensor difference = ctx.saved(1).sub(ctx.saved(0));
      grads[2] = Broadcasting.sumTo(gradOut.mul(difference), ctx.shape(2));
    }
    return grads;
  }
}
