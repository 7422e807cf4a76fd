package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * Gradient of {@link Conv2d} for its weight: gradOut [n, o, oh, ow], x [n, c, h, w] → [o, c /
 * groups, kh, kw]. Linear in both, so its own gradients are convolutions again.
 */
final class Conv2dGradWeight extends EngineFunction {
  private final Conv2dArgs args;
  private final long[] shape;

  Conv2dGradWeight(Conv2dArgs args, long[] shape) {
    this.args = args;
    this.shape = shape;
  }

  /**
   * Computes the gradient outside any graph, and the bias gradient [o] beside it unless that is
   * null.
   */
  static Tensor compute(Conv2dArgs args, long[] shape, Tensor gradOut, Tensor x, Tensor gradBias) {
    Tensor out = Internals.allocate(gradOut.device(), gradOut.dtype(), shape);
    Internals.kernels(out)
        .conv2dGradWeight(
            gradOut.strided().physical(),
            x.strided().physical(),
            args,
            out.strided(),
            gradBias == null ? null : gradBias.strided());
    return out;
  }

  @Override
  public String name() {
    return "conv2dGradWeight";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    ctx.saveForBackward(in[0], in[1]);
    return new Tensor[] {compute(args, shape, in[0], in[1], null)};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    // For v = this(g, x): gradient for g is conv(x, gradV), for x is gradInput(g, gradV).
    Tensor x = ctx.saved(1);
    Tensor gradGrad = ctx.needsInputGrad(0) ? Conv2d.of(x, gradOut, null, args) : null;
    Tensor gradX =
        ctx.needsInputGrad(1)
            ? new Conv2dGradInput(args, x.shape()).apply(ctx.saved(0), gradOut)
            : null;
    return new Tensor[] {gradGrad, gradX};
  }
}
