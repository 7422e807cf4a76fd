package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
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
    return checked(tensors, dim).apply(promoted(tensors));
  }

  /** Writes {@link #of} to a tensor. */
  public static Tensor catOut(Tensor out, List<Tensor> tensors, int dim) {
    return into("cat", out, tensors, dim);
  }

  /** Writes {@link #of} to a tensor; without a temporary where that is apart from the others. */
  static Tensor into(String operation, Tensor out, List<Tensor> tensors, int dim) {
    Cat op = checked(tensors, dim);
    Tensor[] in = op.prepare(promoted(tensors));
    if (!Out.isApart(out, in[0].dtype(), in)) {
      return Out.copy(operation, out, op.apply(in));
    }
    return Out.write(operation, out, op.shape(in), o -> op.write(o, in), in);
  }

  private static Cat checked(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("cat: expected a non-empty list of Tensors");
    }
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).dim() == 0) {
        throw new IllegalArgumentException(
            "cat: zero-dimensional tensor (at position " + i + ") cannot be concatenated");
      }
    }
    List<Tensor> full = tensors.stream().filter(t -> !isLegacyEmpty(t)).toList();
    if (full.isEmpty()) {
      full = tensors.subList(0, 1);
    }
    return new Cat(Dims.wrap("cat", dim, full.get(0).dim()));
  }

  private static Tensor[] promoted(List<Tensor> tensors) {
    DType type = Joining.commonType(tensors);
    return tensors.stream().map(t -> t.to(type)).toArray(Tensor[]::new);
  }

  /**
   * Returns whether a tensor is of shape [0]: skipped whatever the others' shapes are, as in
   * PyTorch.
   */
  private static boolean isLegacyEmpty(Tensor t) {
    return t.dim() == 1 && t.size(0) == 0;
  }

  @Override
  public String name() {
    return "cat";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    Tensor out = Internals.allocate(in[0].device(), in[0].dtype(), shape(in));
    write(out.strided(), in);
    return new Tensor[] {out};
  }

  private void write(Strided out, Tensor... in) {
    long start = 0;
    for (Tensor each : in) {
      Strided x = each.strided();
      if (x.dim() != out.dim()) {
        continue; // empty
      }
      Internals.kernels(out)
          .copy(x, out.with(x.sizes(), out.strides(), out.offset() + start * out.stride(dim)));
      start += x.size(dim);
    }
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
            message(
                "cat: Sizes of tensors must match except in dimension %s; expected %s but got %s"
                    + " for tensor number %s in the list",
                dim, shape, each, i));
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
