package dev.bellows.ops;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Tensors one after the other along a dimension; each gets its part of the gradient. */
public final class Cat extends EngineFunction {
  private final int dim;

  private Cat(int dim) {
    this.dim = dim;
  }

  /**
   * Concatenates, in the type that all are promoted to.
   *
   * @throws IllegalArgumentException if there are none, or they differ in a size other than that of
   *     {@code dim}
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
    DType type = Joining.commonType(tensors);
    List<Tensor> full = tensors.stream().filter(t -> !isLegacyEmpty(t)).toList();
    if (full.isEmpty()) {
      full = tensors.subList(0, 1);
    }
    int d = Dims.wrap("cat", dim, full.get(0).dim());
    return new Cat(d).apply(tensors.stream().map(t -> t.to(type)).toArray(Tensor[]::new));
  }

  /** Of shape [0]: skipped whatever the others' shapes are, as in PyTorch. */
  private static boolean isLegacyEmpty(Tensor t) {
    return t.dim() == 1 && t.size(0) == 0;
  }

  @Override
  public String name() {
    return "cat";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = shape(in);
    Tensor out = Internals.allocate(in[0].device(), in[0].dtype(), shape);
    Strided o = out.strided();
    long start = 0;
    for (int i = 0; i < in.length; i++) {
      Strided x = in[i].strided();
      if (x.dim() != shape.length) {
        continue; // empty
      }
      Internals.kernels(out)
          .copy(x, o.with(x.sizes(), o.strides(), o.offset() + start * o.stride(dim)));
      start += x.size(dim);
    }
    return new Tensor[] {out};
  }

  private long[] shape(Tensor... in) {
    long[] shape = null;
    long total = 0;
    for (int i = 0; i < in.length; i++) {
      long[] each = in[i].shape();
      if (shape == null && (!isLegacyEmpty(in[i]) || i == in.length - 1)) {
        shape = each.clone();
      }
      if (isLegacyEmpty(in[i])) {
        continue;
      }
      boolean fits = each.length == shape.length;
      for (int d = 0; fits && d < shape.length; d++) {
        fits = d == dim || each[d] == shape[d];
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "cat: Sizes of tensors must match except in dimension "
                + dim
                + "; expected "
                + Arrays.toString(shape)
                + " but got "
                + Arrays.toString(each)
                + " for tensor number "
                + i
                + " in the list");
      }
      total = Dims.plus("cat", total, each[dim]);
    }
    shape[dim] = total;
    return shape;
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    Tensor[] grads = new Tensor[ctx.inputs()];
    long start = 0;
    for (int i = 0; i < grads.length; i++) {
      long[] shape = ctx.inputShape(i);
      if (shape.length != gradOut.dim()) { // skipped
        grads[i] = gradOut.newZeros(0);
        continue;
      }
      long length = shape[dim];
      grads[i] = ctx.needsInputGrad(i) ? gradOut.narrow(dim, start, length) : null;
      start += length;
    }
    return grads;
  }
}
