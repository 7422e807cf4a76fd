package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Expand;
import dev.bellows.ops.Permute;
import dev.bellows.ops.Slice;
import dev.bellows.ops.View;
import java.util.Arrays;

/** The same memory seen in another way, and copies. */
abstract sealed class TensorViews extends TensorRandom permits TensorMath {
  private Tensor self() {
    return (Tensor) this;
  }

  final int wrap(int dim) {
    int n = self().dim();
    if (dim < -n || dim >= n) {
      throw new IndexOutOfBoundsException(
          "Dimension out of range (expected to be in range of ["
              + -n
              + ", "
              + (n - 1)
              + "], but got "
              + dim
              + ")");
    }
    return dim < 0 ? dim + n : dim;
  }

  /** The same memory under another shape; one size may be −1. */
  public final Tensor view(long... shape) {
    return View.of(self(), shape);
  }

  /** A view where strides allow it, else a copy under another shape. */
  public final Tensor reshape(long... shape) {
    return View.reshape(self(), shape);
  }

  /** Dimensions in another order. */
  public final Tensor permute(int... order) {
    return Permute.of(self(), order);
  }

  /** Two dimensions exchanged. */
  public final Tensor transpose(int dim0, int dim1) {
    return Permute.transpose(self(), dim0, dim1);
  }

  /**
   * A matrix transposed.
   *
   * @throws IllegalStateException if there are more than 2 dimensions
   */
  public final Tensor t() {
    if (self().dim() > 2) {
      throw new IllegalStateException(
          "t() expects a tensor with <= 2 dimensions, but self is " + self().dim() + "D");
    }
    return self().dim() < 2
        ? View.of(self(), self().strided().sizes())
        : Permute.transpose(self(), 0, 1);
  }

  /** All dimensions from {@code startDim} on made one. */
  public final Tensor flatten(int startDim) {
    if (self().dim() == 0) {
      return reshape(1);
    }
    int start = wrap(startDim);
    long[] shape = Arrays.copyOf(self().strided().sizes(), start + 1);
    for (int d = start + 1; d < self().dim(); d++) {
      shape[start] *= self().strided().size(d);
    }
    return reshape(shape);
  }

  /** Without one dimension if it has size 1, else as it is. */
  public final Tensor squeeze(int dim) {
    if (self().dim() == 0) {
      return self();
    }
    int d = wrap(dim);
    if (self().strided().size(d) != 1) {
      return self();
    }
    long[] shape = new long[self().dim() - 1];
    for (int i = 0, j = 0; i < self().dim(); i++) {
      if (i != d) {
        shape[j++] = self().strided().size(i);
      }
    }
    return View.of(self(), shape);
  }

  /** With a new dimension of size 1 before {@code dim}. */
  public final Tensor unsqueeze(int dim) {
    int n = self().dim() + 1;
    if (dim < -n || dim >= n) {
      throw new IndexOutOfBoundsException(
          "Dimension out of range (expected to be in range of ["
              + -n
              + ", "
              + (n - 1)
              + "], but got "
              + dim
              + ")");
    }
    int d = dim < 0 ? dim + n : dim;
    long[] shape = new long[n];
    for (int i = 0; i < n; i++) {
      shape[i] = i == d ? 1 : self().strided().size(i < d ? i : i - 1);
    }
    return View.of(self(), shape);
  }

  /** Dimensions of size 1 repeated without a copy; −1 keeps a size. */
  public final Tensor expand(long... shape) {
    return Expand.of(self(), shape);
  }

  /** {@code length} elements of a dimension from {@code start} on. */
  public final Tensor narrow(int dim, long start, long length) {
    return Slice.narrow(self(), dim, start, length);
  }

  /** Elements start, start + step, … below end of a dimension, as Python slices. */
  public final Tensor slice(int dim, long start, long end, long step) {
    return Slice.of(self(), dim, start, end, step);
  }

  /** One element of a dimension, which goes away. */
  public final Tensor select(int dim, long index) {
    return Slice.select(self(), dim, index);
  }

  /** This if row-major, else a row-major copy. */
  public final Tensor contiguous() {
    return Copy.contiguous(self());
  }

  /** A copy in new memory that keeps the graph. */
  @Override
  public final Tensor clone() {
    return Copy.of(self());
  }

  /** This if of that type, else a converted copy. */
  public final Tensor to(DType dtype) {
    return Copy.to(self(), dtype);
  }
}
