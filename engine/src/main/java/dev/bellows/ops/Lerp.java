package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.tensor.Tensor;

/**
 * x + weight·(end − x) from the nearer end, broadcast, of one floating point type. Gradients: g·(1
 * − weight), g·weight and g·(end − x).
 */
final class Lerp extends EngineFunction {
  private static final Lerp OP = new Lerp();

  static Tensor of(Tensor x, Tensor end, Tensor weight) {
    return OP.apply(x, end, weight);
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
