package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * Gradient of {@link Conv2d} for its input: gradOut [n, o, oh, ow], weight [o, c / groups, kh, kw]
 * → [n, c, h, w]. Linear in both, so its own gradients are convolutions again.
 */
final class Conv2dGradInput extends EngineFunction {
  private final Conv2dArgs args;
  private final long[] shape;

  Conv2dGradInput(Conv2dArgs args, long[] shape) {
    this.args = args;
    this.shape = shape;
  }

  @Override
  public String name() {
    return "conv2dGradInput";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided grad = in[0].strided();
    Strided weight = in[1].strided();
    boolean visible = grad.suggestsChannelsLast() || weight.suggestsChannelsLast();
    Tensor out =
        Internals.allocate(grad.device(), grad.dtype(), Layout.channelsLast(shape, visible));
    Internals.kernels(out).conv2dGradInput(grad.physical(), weight, args, out.strided().physical());
    ctx.saveForBackward(in[0], in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    // For v = this(g, w): gradient for g is conv(gradV, w), for w is gradWeight(g, gradV).
    Tensor weight = ctx.saved(1);
    Tensor gradGrad = ctx.needsInputGrad(0) ? Conv2d.of(gradOut, weight, null, args) : null;
    Tensor gradWeight =
        ctx.needsInputGrad(1)
            ? new Conv2dGradWeight(args, weight.shape()).apply(ctx.saved(0), gradOut)
            : null;
    return new Tensor[] {gradGrad, gradWeight};
  }
}
