package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.Arrays;

/** A copy in new memory, in another order of memory or of another type if asked for. */
public final class Copy extends EngineFunction {
  private final DType dtype;
  private final Layout layout;

  private Copy(DType dtype, Layout layout) {
    this.dtype = dtype;
    this.layout = layout;
  }

  /** Returns a copy in the memory order of x where that has no holes, else row-major. */
  public static Tensor of(Tensor x) {
    return new Copy(x.dtype(), Layout.like(x.strided())).apply(x);
  }

  /** Gives this back if it is row-major, else a row-major copy. */
  public static Tensor contiguous(Tensor self) {
    Strided s = self.strided();
    return s.isContiguous()
        ? self
        : new Copy(self.dtype(), Layout.contiguous(s.sizes())).apply(self);
  }

  /**
   * Gives this back if it has that element type, else a converted copy. Gradients are converted
   * back.
   */
  public static Tensor to(Tensor self, DType dtype) {
    return self.dtype() == dtype ? self : new Copy(dtype, Layout.like(self.strided())).apply(self);
  }

  /** Converts this to the element type of another tensor; see {@link Tensor#to(DType)}. */
  public static Tensor typeAs(Tensor self, Tensor other) {
    return to(self, other.dtype());
  }

  /** Converts this to FLOAT32; see {@link Tensor#to(DType)}. PyTorch: {@code float}. */
  public static Tensor toFloat(Tensor self) {
    return to(self, DType.FLOAT32);
  }

  /** Converts this to FLOAT64; see {@link Tensor#to(DType)}. PyTorch: {@code double}. */
  public static Tensor toDouble(Tensor self) {
    return to(self, DType.FLOAT64);
  }

  /** Converts this to FLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code half}. */
  public static Tensor toHalf(Tensor self) {
    return to(self, DType.FLOAT16);
  }

  /** Converts this to BFLOAT16; see {@link Tensor#to(DType)}. PyTorch: {@code bfloat16}. */
  public static Tensor toBFloat16(Tensor self) {
    return to(self, DType.BFLOAT16);
  }

  /** Converts this to INT64; see {@link Tensor#to(DType)}. PyTorch: {@code long}. */
  public static Tensor toLong(Tensor self) {
    return to(self, DType.INT64);
  }

  /** Converts this to INT32; see {@link Tensor#to(DType)}. PyTorch: {@code int}. */
  public static Tensor toInt(Tensor self) {
    return to(self, DType.INT32);
  }

  /** Converts this to BOOL; see {@link Tensor#to(DType)}. PyTorch: {@code bool}. */
  public static Tensor toBool(Tensor self) {
    return to(self, DType.BOOL);
  }

  /**
   * Overwrites all elements with those of another tensor, broadcast, converted and from whatever
   * device; gives this back. The gradient goes to the other tensor.
   *
   * @throws IllegalArgumentException if other does not broadcast to this shape
   */
  public static Tensor copy_(Tensor self, Tensor other) {
    return into("copy_", self, other);
  }

  /** Works like {@link #copy_}, for another operation in place, which messages name. */
  public static Tensor into(String operation, Tensor target, Tensor src) {
    Strided t = target.strided();
    long[] shape = Shapes.broadcast(operation, t.sizes(), src.strided().sizes());
    if (!Arrays.equals(shape, t.sizes())) {
      throw new IllegalArgumentException(
          message(
              "%s: source must broadcast to the target; got source %s, target %s",
              operation, src.shape(), t.sizes()));
    }
    InPlaceChecks.checkOverlap(operation, target, src);
    return new Overwrite(operation, src.device()).apply(target, src);
  }

  private static void transfer(Tensor src, Tensor target) {
    Strided t = target.strided();
    Strided s = src.strided();
    if (s.dtype() == t.dtype() && t.isDense() && t.sameLayout(s)) {
      TensorCopies.transfer(s, t);
      return;
    }
    Tensor plain = src.detach();
    Tensor typed = to(plain, target.dtype());
    try (Tensor there = TensorCopies.copyTo(target.device(), typed)) {
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
      ctx.markDirty(operation, target);
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
