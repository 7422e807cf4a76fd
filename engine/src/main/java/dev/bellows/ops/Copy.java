package dev.bellows.ops;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** A copy in new memory, in another order of memory or of another type if asked for. */
public final class Copy extends EngineFunction {
  private final DType dtype;
  private final Layout layout;

  private Copy(DType dtype, Layout layout) {
    this.dtype = dtype;
    this.layout = layout;
  }

  /** A copy in the memory order of x where that has no holes, else row-major. */
  public static Tensor of(Tensor x) {
    return new Copy(x.dtype(), Layout.like(x.strided())).apply(x);
  }

  /** x itself if it is row-major, else a row-major copy. */
  public static Tensor contiguous(Tensor x) {
    Strided s = x.strided();
    return s.isContiguous() ? x : new Copy(x.dtype(), Layout.contiguous(s.sizes())).apply(x);
  }

  /** x itself if it has that type, else a converted copy. */
  public static Tensor to(Tensor x, DType dtype) {
    return x.dtype() == dtype ? x : new Copy(dtype, Layout.like(x.strided())).apply(x);
  }

  /**
   * Overwrites target with src, broadcast, converted and from whatever device, and answers target.
   *
   * @throws IllegalArgumentException if src does not broadcast to target
   */
  public static Tensor into(Tensor target, Tensor src) {
    return into("copy_", target, src);
  }

  /** As {@link #into(Tensor, Tensor)}, for another operation in place, which messages name. */
  public static Tensor into(String operation, Tensor target, Tensor src) {
    Strided t = target.strided();
    long[] shape = Shapes.broadcast(operation, t.sizes(), src.strided().sizes());
    if (!Arrays.equals(shape, t.sizes())) {
      throw new IllegalArgumentException(
          operation
              + ": source must broadcast to the target; got source "
              + Arrays.toString(src.shape())
              + ", target "
              + Arrays.toString(t.sizes()));
    }
    Internals.checkOverlap(operation, target, src);
    return new Overwrite(operation, src.device()).apply(target, src);
  }

  private static void transfer(Tensor src, Tensor target) {
    Strided t = target.strided();
    Strided s = src.strided();
    if (s.dtype() == t.dtype() && t.isDense() && t.sameLayout(s)) {
      Internals.transfer(s, t);
      return;
    }
    Tensor plain = src.detach();
    Tensor typed = to(plain, target.dtype());
    try (Tensor there = Internals.copyTo(target.device(), typed)) {
      Internals.kernels(target).copy(Broadcasting.expand(there.strided(), t.sizes()), t);
    }
    typed.close();
    plain.close();
  }

  @Override
  public String name() {
    return "copy";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    Tensor out = Internals.allocate(x.device(), dtype, layout);
    Internals.kernels(out).copy(x.physical(), out.strided().physical());
    ctx.keep(Layout.like(x));
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    // Back in the input's memory order, which the kernels before this one are fastest in.
    DType type = ctx.inputType(0);
    Layout order = ctx.kept(Layout.class);
    boolean same = gradOut.dtype() == type && Layout.like(gradOut.strided()).equals(order);
    return new Tensor[] {same ? gradOut : new Copy(type, order).apply(gradOut)};
  }

  /** Overwrites its first input: the old value gets no gradient, the source all of it. */
  private static final class Overwrite extends Function {
    private final String operation;
    private final Device from;

    Overwrite(String operation, Device from) {
      this.operation = operation;
      this.from = from;
    }

    @Override
    public String name() {
      return "copy_";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor target = in[0];
      Tensor src = in[1];
      Internals.checkInPlace(operation, target, ctx.isRecording());
      ctx.markDirty(target);
      target.storage().bumpVersion();
      Strided t = target.strided();
      if (from == target.device()) {
        Internals.kernels(target)
            .copy(Broadcasting.expand(src.strided().physical(), t.sizes()), t.physical());
      } else {
        transfer(src, target);
      }
      return new Tensor[] {target};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor grad = gradOutputs[0];
      Tensor old = ctx.needsInputGrad(0) ? Tensor.zerosLike(grad) : null;
      Tensor source =
          ctx.needsInputGrad(1)
              ? Broadcasting.sumTo(grad, ctx.inputShape(1)).to(from, ctx.inputType(1))
              : null;
      return new Tensor[] {old, source};
    }
  }
}
