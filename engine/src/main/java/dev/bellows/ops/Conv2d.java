package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Cross-correlation of x [n, c, h, w] with weight [o, c / groups, kh, kw] and bias [o] → [n, o, oh,
 * ow], oh = (h + 2·pad − dilation·(kh − 1) − 1) / stride + 1. The result lies channels-last in
 * memory, unseen ({@link Layout}) unless x or weight do so visibly.
 */
public final class Conv2d extends EngineFunction {
  private final Conv2dArgs args;

  private Conv2d(Conv2dArgs args) {
    this.args = args;
  }

  /**
   * Computes the convolution.
   *
   * @param bias null for none
   * @throws IllegalArgumentException if shapes, groups or types do not agree, or the kernel is
   *     larger than the padded image
   */
  public static Tensor of(Tensor x, Tensor weight, Tensor bias, Conv2dArgs args) {
    Conv2d op = new Conv2d(args);
    return bias == null ? op.apply(x, weight) : op.apply(x, weight, bias);
  }

  /**
   * Computes a transposed convolution without bias: x [n, c, h, w] and weight [c, o / groups, kh,
   * kw] → [n, o, oh, ow], the gradient that {@link #of} has for an input [n, o, oh, ow].
   *
   * @param outputPadding rows and columns added below and to the right
   * @throws IllegalArgumentException as {@link ConvGeometry#transposedShape}
   */
  public static Tensor transposed(Tensor x, Tensor weight, Conv2dArgs args, int... outputPadding) {
    if (outputPadding.length != 2) {
      throw new IllegalArgumentException(
          message(
              "convTranspose2d: output padding must be two numbers; got %s", outputPadding.length));
    }
    long[] shape =
        ConvGeometry.of(args).transposedShape("convTranspose2d", outputPadding, x, weight);
    Tensor grad = extended(x, 2, outputPadding[0] / args.strideH());
    grad = extended(grad, 3, outputPadding[1] / args.strideW());
    return new Conv2dGradInput(args, shape).apply(grad, weight);
  }

  /** Appends zeros where output padding has room for more windows. */
  private static Tensor extended(Tensor x, int dim, int by) {
    if (by == 0) {
      return x;
    }
    long[] shape = x.shape();
    shape[dim] = by;
    return Tensor.cat(List.of(x, x.newZeros(shape)), dim);
  }

  @Override
  public String name() {
    return "conv2d";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = ConvGeometry.of(args).outputShape(name(), in);
    Strided x = in[0].strided();
    Strided weight = in[1].strided();
    boolean visible = x.suggestsChannelsLast() || weight.suggestsChannelsLast();
    Tensor out = Internals.allocate(x.device(), x.dtype(), Layout.channelsLast(shape, visible));
    Strided bias = in.length > 2 ? in[2].strided() : null;
    Internals.kernels(out)
        .conv2d(x.physical(), weight, bias, args, Activation.NONE, out.strided().physical());
    ctx.saveForBackward(in[0], in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor x = ctx.saved(0);
    Tensor weight = ctx.saved(1);
    Tensor gradX =
        ctx.needsInputGrad(0) ? new Conv2dGradInput(args, x.shape()).apply(gradOut, weight) : null;
    boolean needsBias = ctx.inputs() > 2 && ctx.needsInputGrad(2);
    Tensor gradWeight = null;
    Tensor gradBias = null;
    if (ctx.needsInputGrad(1) && needsBias && !dev.bellows.autograd.GradMode.isEnabled()) {
      gradBias = Internals.allocate(gradOut.device(), gradOut.dtype(), weight.size(0));
      gradWeight = Conv2dGradWeight.compute(args, weight.shape(), gradOut, x, gradBias);
    } else {
      gradWeight =
          ctx.needsInputGrad(1)
              ? new Conv2dGradWeight(args, weight.shape()).apply(gradOut, x)
              : null;
      gradBias = needsBias ? gradOut.sum(new int[] {0, 2, 3}) : null;
    }
    return ctx.inputs() > 2
        ? new Tensor[] {gradX, gradWeight, gradBias}
        : new Tensor[] {gradX, gradWeight};
  }
}
