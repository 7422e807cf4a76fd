package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/** Every {@code step}-th of the elements [start, end) of one dimension, as a view. */
public final class Slice extends EngineFunction {
  private final int dim;
  private final long start;
  private final long length;
  private final long step;

  private Slice(int dim, long start, long length, long step) {
    this.dim = dim;
    this.start = start;
    this.length = length;
    this.step = step;
  }

  /**
   * Views {@code length} elements of a dimension from {@code start} on.
   *
   * @param start may be negative and then counts from the end
   * @throws IndexOutOfBoundsException if they are not all inside
   */
  public static Tensor narrow(Tensor self, int dim, long start, long length) {
    int d = Dims.wrap("narrow", dim, self.dim());
    if (self.dim() == 0) {
      throw new IllegalArgumentException("narrow() cannot be applied to a 0-dim tensor.");
    }
    long size = self.size(d);
    long first = start < 0 ? start + size : start;
    if (first < 0 || length < 0 || length > size - first) {
      throw new IndexOutOfBoundsException(
          message(
              "narrow: start (%s) + length (%s) exceeds dimension size (%s) of shape %s",
              start, length, size, self.shape()));
    }
    return new Slice(d, first, length, 1).apply(self);
  }

  /**
   * Views the elements start, start + step, … below {@code end} of a dimension, as Python's {@code
   * [start:end:step]}: negative places count from the end, places outside are clamped. PyTorch:
   * indexing with a slice.
   *
   * @throws IllegalArgumentException if {@code step} is below 1, or there are no dimensions
   */
  public static Tensor slice(Tensor self, int dim, long start, long end, @Default("1") long step) {
    int d = Dims.wrap("slice", dim, self.dim());
    if (self.dim() == 0) {
      throw new IllegalArgumentException("slice() cannot be applied to a 0-dim tensor.");
    }
    if (step < 1) {
      throw new IllegalArgumentException("slice: step must be greater than zero; got " + step);
    }
    long size = self.size(d);
    long first = Math.min(size, Math.max(0, start < 0 ? start + size : start));
    long last = Math.min(size, Math.max(first, end < 0 ? end + size : end));
    return new Slice(d, first, last == first ? 0 : (last - first - 1) / step + 1, step).apply(self);
  }

  /**
   * Views one element of a dimension, which is removed.
   *
   * @param index may be negative and then counts from the end
   * @throws IndexOutOfBoundsException if it is outside
   */
  public static Tensor select(Tensor self, int dim, long index) {
    int d = Dims.wrap("select", dim, self.dim());
    if (self.dim() == 0) {
      throw new IndexOutOfBoundsException("select() cannot be applied to a 0-dim tensor.");
    }
    long size = self.size(d);
    if (index < -size || index >= size) {
      throw new IndexOutOfBoundsException(
          message(
              "select(): index %s out of range for tensor of size %s at dimension %s",
              index, self.shape(), d));
    }
    try (Tensor one = new Slice(d, index < 0 ? index + size : index, 1, 1).apply(self)) {
      return one.squeeze(d);
    }
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Strided x = in[0].strided();
    return new Tensor[] {view(in[0])};
  }

  private Tensor view(Tensor base) {
    Strided x = base.strided();
    long[] sizes = x.sizes().clone();
    long[] strides = x.strides().clone();
    sizes[dim] = length;
    strides[dim] *= step;
    return Internals.view(base, sizes, strides, x.offset() + start * x.stride(dim));
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {new Embed(this, ctx.inputShape(0)).apply(gradOut)};
  }

  /** Zeros of the whole shape with the gradient at the slice's place; its gradient is the slice. */
  private static final class Embed extends EngineFunction {
    private final Slice slice;
    private final long[] shape;

    Embed(Slice slice, long[] shape) {
      this.slice = slice;
      this.shape = shape;
    }

    @Override
    public String name() {
      return "sliceGrad";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor out = in[0].newZeros(shape);
      Internals.kernels(out).copy(in[0].strided(), slice.view(out).strided());
      return new Tensor[] {out};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {slice.apply(gradOut)};
    }
  }
}
