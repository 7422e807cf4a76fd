package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Layout;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** An operation on corresponding elements of inputs that broadcast to one shape. */
abstract class Elementwise extends EngineFunction {
  /** Returns the element type of the result. */
  protected DType outputType(Tensor... in) {
    return in[0].dtype();
  }

  /** Saves the inputs that backward reads. */
  protected void saveInputs(FunctionContext ctx, Tensor... in) {}

  /** Saves the result if backward reads it. */
  protected void saveResult(FunctionContext ctx, Tensor out) {}

  /** Computes into out, in whatever order of memory; the inputs have its sizes. */
  protected abstract void compute(Strided out, Strided... in);

  /** Checks that the inputs are of one type: kernels read all of them alike. */
  protected void checkTypes(Tensor... in) {
    for (Tensor t : in) {
      if (t.dtype() != in[0].dtype()) {
        throw new IllegalArgumentException(
            message(
                "%s: inputs must have one dtype; got %s and %s", name(), in[0].dtype(), t.dtype()));
      }
    }
  }

  /** Returns the shape of the result; types and shapes are checked here. */
  final long[] outputShape(Tensor... in) {
    checkTypes(in);
    long[] shape = in[0].strided().sizes();
    for (int i = 1; i < in.length; i++) {
      long[] other = in[i].strided().sizes();
      if (!Arrays.equals(shape, other)) {
        shape = Shapes.broadcast(name(), shape, other);
      }
    }
    return shape;
  }

  /** Moves numbers on the CPU, tensors without dimensions, to where the others are. */
  @Override
  final Tensor[] broughtTogether(Tensor... in) {
    Device device = in[0].device();
    for (Tensor t : in) {
      if (!isNumber(t)) {
        device = t.device();
        break;
      }
    }
    Tensor[] out = in.clone();
    for (int i = 0; i < in.length; i++) {
      if (!in[i].device().equals(device)) {
        if (!isNumber(in[i])) {
          throw SameDevice.differ(name(), in);
        }
        out[i] = in[i].to(device);
      }
    }
    return out;
  }

  private static boolean isNumber(Tensor t) {
    return t.dim() == 0 && t.device() == Device.CPU;
  }

  @Override
  protected final Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = outputShape(in);
    saveInputs(ctx, in);
    Tensor out = allocate(outputType(in), shape, in);
    compute(out.strided().physical(), expanded(shape, in));
    saveResult(ctx, out);
    return new Tensor[] {out};
  }

  /** Writes the result to a tensor; without a temporary if that is of its type. */
  final Tensor writeTo(Tensor out, Tensor... given) {
    Tensor[] in = prepare(given);
    long[] shape = outputShape(in);
    if (!Out.isWritable(out, outputType(in), in)) {
      return Out.copy(name(), out, apply(in));
    }
    return Out.write(name(), out, shape, o -> compute(o.physical(), expanded(shape, in)), in);
  }

  /** Writes the result over the first input and returns it. */
  final Tensor applyInPlace(Tensor... in) {
    return new InPlace(this).apply(in);
  }

  /** The same function, with the first input as its output. */
  private static final class InPlace extends EngineFunction {
    private final Elementwise function;

    InPlace(Elementwise function) {
      this.function = function;
    }

    @Override
    public String name() {
      return function.name();
    }

    @Override
    protected boolean isDifferentiable() {
      return function.isDifferentiable();
    }

    @Override
    Tensor[] broughtTogether(Tensor... in) {
      Tensor[] out = function.broughtTogether(in);
      if (out[0] != in[0]) {
        throw SameDevice.differ(name() + "_", in);
      }
      return out;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor self = in[0];
      ctx.markDirty(name() + "_", self);
      long[] shape = function.outputShape(in);
      if (!Arrays.equals(shape, self.strided().sizes())) {
        throw new IllegalArgumentException(
            message(
                "%s_: output with shape %s doesn't match the broadcast shape %s",
                name(), self.shape(), shape));
      }
      for (int i = 1; i < in.length; i++) {
        InPlaceChecks.checkOverlap(name() + "_", self, in[i]);
      }
      ctx.overwrites(self);
      function.saveInputs(ctx, in);
      ctx.overwrites(null);
      self.storage().bumpVersion();
      function.compute(self.strided().physical(), expanded(shape, in));
      function.saveResult(ctx, self);
      return new Tensor[] {self};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      return function.backward(ctx, gradOutputs);
    }
  }

  /**
   * Allocates the result in the order of the first input without holes; one inside, if it is to
   * look row-major.
   */
  private static Tensor allocate(DType dtype, long[] shape, Tensor... in) {
    Layout layout = null;
    for (Tensor t : in) {
      Strided s = t.strided();
      if (s.isDense() && Arrays.equals(s.sizes(), shape)) {
        Layout like = Layout.like(s);
        if (layout == null || like.inside() && layout.isContiguous()) {
          layout = like;
        }
      }
    }
    return Internals.allocate(
        in[0].device(), dtype, layout == null ? Layout.contiguous(shape) : layout);
  }

  private static Strided[] expanded(long[] shape, Tensor... in) {
    Strided[] out = new Strided[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = Broadcasting.expand(in[i].strided().physical(), shape);
    }
    return out;
  }
}
