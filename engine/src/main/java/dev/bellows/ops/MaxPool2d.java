package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Largest of each window of x [n, c, h, w] → [n, c, oh, ow]; the gradient goes to the winner. */
public final class MaxPool2d extends EngineFunction {
  private final Pool2dArgs args;

  private MaxPool2d(Pool2dArgs args) {
    this.args = args;
  }

  /**
   * Computes the pooling.
   *
   * @throws IllegalArgumentException if x is not 4-d floating point, has no channels, rows or
   *     columns, padding exceeds half the window, the window has more than 256 places, or nothing
   *     would come out
   */
  public static Tensor of(Tensor x, Pool2dArgs args) {
    return new MaxPool2d(args).apply(x);
  }

  @Override
  public String name() {
    return "maxPool2d";
  }

  private long[] outputShape(Tensor in) {
    Types.same("maxPool2d", in);
    long[] x = in.strided().sizes();
    if (x.length != 4) {
      throw new IllegalArgumentException(
          "maxPool2d: input must be 4-d [n, c, h, w]; got " + Arrays.toString(x));
    }
    if (x[1] == 0 || x[2] == 0 || x[3] == 0) {
      throw new IllegalArgumentException("maxPool2d: only n may be 0; got " + Arrays.toString(x));
    }
    if (args.kernelH() < 1
        || args.kernelW() < 1
        || (long) args.kernelH() * args.kernelW() > 256
        || args.strideH() < 1
        || args.strideW() < 1) {
      throw new IllegalArgumentException(
          "maxPool2d: window must have 1 to 256 places and strides be positive; got " + args);
    }
    if (args.padH() < 0
        || args.padW() < 0
        || 2L * args.padH() > args.kernelH()
        || 2L * args.padW() > args.kernelW()) {
      throw new IllegalArgumentException(
          "maxPool2d: pad should be at most half of effective kernel size; got " + args);
    }
    long oh = Conv2dArgs.outSize(x[2], args.kernelH(), args.strideH(), args.padH(), 1);
    long ow = Conv2dArgs.outSize(x[3], args.kernelW(), args.strideW(), args.padW(), 1);
    if (oh < 1 || ow < 1) {
      throw new IllegalArgumentException(
          message("maxPool2d: Given input size %s, output size would be too small; %s", x, args));
    }
    return new long[] {x[0], x[1], oh, ow};
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = outputShape(in[0]);
    Strided x = in[0].strided();
    boolean inside = x.physical() != x;
    boolean visible = x.suggestsChannelsLast();
    Layout layout =
        inside || visible ? Layout.channelsLast(shape, visible) : Layout.contiguous(shape);
    Tensor out = Internals.allocate(x.device(), x.dtype(), layout);
    Tensor positions = Internals.allocate(x.device(), DType.UINT8, shape, layout.strides());
    Internals.kernels(out)
        .maxPool2d(x.physical(), args, out.strided().physical(), positions.strided());
    ctx.keep(Layout.like(x));
    ctx.saveAndClose(positions);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {new Scatter(args, ctx.kept(Layout.class)).apply(gradOut, ctx.saved(0))};
  }

  /** gradOut [n, c, oh, ow] added at the winners' places → [n, c, h, w]. */
  private static final class Scatter extends EngineFunction {
    private final Pool2dArgs args;
    private final Layout layout;

    Scatter(Pool2dArgs args, Layout layout) {
      this.args = args;
      this.layout = layout;
    }

    @Override
    public String name() {
      return "maxPool2dGrad";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Strided grad = in[0].strided();
      Tensor out = Internals.allocate(grad.device(), grad.dtype(), layout);
      Internals.kernels(out)
          .maxPool2dGrad(grad.physical(), in[1].strided(), args, out.strided().physical());
      ctx.saveForBackward(in[1]);
      return new Tensor[] {out};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {new Gather(args, layout).apply(gradOut, ctx.saved(0)), null};
    }
  }

  /** Values of a [n, c, h, w] at the winners' places → [n, c, oh, ow]. */
  private static final class Gather extends EngineFunction {
    private final Pool2dArgs args;
    private final Layout layout;

    Gather(Pool2dArgs args, Layout layout) {
      this.args = args;
      this.layout = layout;
    }

    @Override
    public String name() {
      return "maxPool2dGather";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Strided x = in[0].strided();
      Strided positions = in[1].strided();
      Layout like = new Layout(positions.sizes(), positions.strides(), layout.inside());
      Tensor out = Internals.allocate(x.device(), x.dtype(), like);
      Internals.kernels(out)
          .maxPool2dGather(x.physical(), positions, args, out.strided().physical());
      ctx.saveForBackward(in[1]);
      return new Tensor[] {out};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {new Scatter(args, layout).apply(gradOut, ctx.saved(0)), null};
    }
  }
}
