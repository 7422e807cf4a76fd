package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

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
    long[] shape = PoolGeometry.of(args).outputShape(name(), in);
    if (in.dim() != 4) {
      throw new IllegalArgumentException(
          message("maxPool2d: input must be 4-d [n, c, h, w]; got %s", in.shape()));
    }
    if (!fits(args.kernelH(), args.kernelW())) {
      throw new IllegalArgumentException(
          message("maxPool2d: window must have at most 256 places; got %s", args));
    }
    return shape;
  }

  /** Returns whether the kernel has windows of this size, whose places it numbers with a byte. */
  public static boolean fits(int kernelH, int kernelW) {
    return (long) kernelH * kernelW <= 256;
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
