package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

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

  @Override
  public String name() {
    return "conv2d";
  }

  private long[] outputShape(Tensor... in) {
    long[] x = in[0].strided().sizes();
    long[] w = in[1].strided().sizes();
    if (x.length != 4 || w.length != 4) {
      throw new IllegalArgumentException(
          message(
              "conv2d: input and weight must be 4-d; got input %s, weight %s", text(x), text(w)));
    }
    if (args.strideH() < 1
        || args.strideW() < 1
        || args.dilationH() < 1
        || args.dilationW() < 1
        || args.padH() < 0
        || args.padW() < 0
        || w[2] < 1
        || w[3] < 1) {
      throw new IllegalArgumentException(
          message(
              "conv2d: kernel, stride and dilation must be positive and padding not negative; got"
                  + " weight %s, %s",
              text(w), args));
    }
    checkChannels(x, w, in);
    Types.same("conv2d", in);
    long oh = Conv2dArgs.outSize(x[2], w[2], args.strideH(), args.padH(), args.dilationH());
    long ow = Conv2dArgs.outSize(x[3], w[3], args.strideW(), args.padW(), args.dilationW());
    if (oh < 1 || ow < 1) {
      throw new IllegalArgumentException(
          message(
              "conv2d: Kernel size can't be greater than actual input size; got input %s, weight"
                  + " %s, %s",
              text(x), text(w), args));
    }
    return new long[] {x[0], w[0], oh, ow};
  }

  private void checkChannels(long[] x, long[] w, Tensor... in) {
    if (args.groups() < 1) {
      throw new IllegalArgumentException(
          "conv2d: groups must be positive; got groups=" + args.groups());
    }
    if (w[0] % args.groups() != 0) {
      throw new IllegalArgumentException(
          message(
              "conv2d: given groups=%s, expected weight to be divisible by %s at dimension 0 (its"
                  + " output channels), but got weight of size %s instead",
              args.groups(), args.groups(), text(w)));
    }
    if (w[1] * args.groups() != x[1]) {
      throw new IllegalArgumentException(
          message(
              "conv2d: given groups=%s, weight of size %s, expected input%s to have %s channels,"
                  + " but got %s channels instead",
              args.groups(), text(w), text(x), w[1] * args.groups(), x[1]));
    }
    if (in.length > 2 && (in[2].dim() != 1 || in[2].size(0) != w[0])) {
      throw new IllegalArgumentException(
          message(
              "conv2d: bias must have one element for each of %s output channels; got bias %s",
              w[0], text(in[2].shape())));
    }
  }

  private static String text(long[] sizes) {
    return Arrays.toString(sizes);
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = outputShape(in);
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
