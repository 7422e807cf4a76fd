package dev.bellows.ops;

import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Tensors one after the other along a dimension; each gets its part of the gradient. */
public final class Cat extends Op {
  private final int dim;

  private Cat(int dim) {
    this.dim = dim;
  }

  /**
   * Concatenates.
   *
   * @throws IllegalArgumentException if there are none, or they differ in type, or in a size other
   *     than that of {@code dim}
   */
  public static Tensor of(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("cat: expected a non-empty list of Tensors");
    }
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).dim() == 0) {
        throw new IllegalArgumentException(
            "cat: zero-dimensional tensor (at position " + i + ") cannot be concatenated");
      }
    }
    int d = Dims.wrap("cat", dim, tensors.get(0).dim());
    return new Cat(d).apply(tensors.toArray(new Tensor[0]));
  }

  @Override
  public String name() {
    return "cat";
  }

  @Override
  protected Tensor forward(OpContext ctx, Tensor... in) {
    long[] shape = in[0].shape();
    long total = 0;
    for (int i = 0; i < in.length; i++) {
      long[] each = in[i].shape();
      boolean fits = each.length == shape.length && each.length > 0;
      for (int d = 0; fits && d < shape.length; d++) {
        fits = d == dim || each[d] == shape[d];
      }
      if (!fits || in[i].dtype() != in[0].dtype()) {
        throw new IllegalArgumentException(
            "cat: Sizes of tensors must match except in dimension "
                + dim
                + "; expected "
                + in[0].dtype()
                + Arrays.toString(shape)
                + " but got "
                + in[i].dtype()
                + Arrays.toString(each)
                + " for tensor number "
                + i
                + " in the list");
      }
      total += each[dim];
    }
    shape[dim] = total;
    Tensor out = Internals.allocate(in[0].dtype(), shape);
    Strided o = out.strided();
    long start = 0;
    long[][] lengths = new long[in.length][];
    for (int i = 0; i < in.length; i++) {
      Strided x = in[i].strided();
      Internals.kernels(out)
          .copy(x, o.with(x.sizes(), o.strides(), o.offset() + start * o.stride(dim)));
      start += x.size(dim);
      lengths[i] = new long[] {x.size(dim)};
    }
    ctx.keepShapes(lengths);
    return out;
  }

  @Override
  protected Tensor[] backward(OpContext ctx, Tensor gradOut) {
    Tensor[] grads = new Tensor[ctx.inputs()];
    long start = 0;
    for (int i = 0; i < grads.length; i++) {
      long length = ctx.shape(i)[0];
      grads[i] = ctx.needs(i) ? gradOut.narrow(dim, start, length) : null;
      start += length;
    }
    return grads;
  }
}
