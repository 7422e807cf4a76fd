package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;

/** Index (INT64) of the largest or smallest element along a dimension, the first of equals. */
public final class ArgExtremum {
  private ArgExtremum() {}

  /**
   * Returns the index (INT64) of the largest of all elements in row-major order, the first of equal
   * ones.
   */
  public static Tensor argmax(Tensor self) {
    return arg(true, View.ravel(self), 0, false);
  }

  /**
   * Returns the index (INT64) of the largest element along a dimension, the first of equal ones.
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static Tensor argmax(Tensor self, int dim, @Default("false") boolean keepDim) {
    return arg(true, self, dim, keepDim);
  }

  /**
   * Returns the index (INT64) of the smallest of all elements in row-major order, the first of
   * equal ones.
   */
  public static Tensor argmin(Tensor self) {
    return arg(false, View.ravel(self), 0, false);
  }

  /**
   * Returns the index (INT64) of the smallest element along a dimension, the first of equal ones.
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static Tensor argmin(Tensor self, int dim, @Default("false") boolean keepDim) {
    return arg(false, self, dim, keepDim);
  }

  private static Tensor arg(boolean max, Tensor self, int dim, boolean keepDim) {
    Accepted.check(max ? "argmax" : "argmin", self.dtype());
    return ofAnyType(max, self, dim, keepDim);
  }

  /** Does the same for extremes of BOOL, which have places though argmax does not take it. */
  static Tensor ofAnyType(boolean max, Tensor x, int dim, boolean keepDim) {
    String name = max ? "argmax" : "argmin";
    Strided s = x.strided();
    int d = Dims.wrap(name, dim, s.dim());
    if (s.dim() == 0) {
      return x.newZeros(DType.INT64);
    }
    if (s.size(d) == 0) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected reduction dim %s to have non-zero size; got %s", name, d, s.sizes()));
    }
    Tensor out = Internals.allocate(s.device(), DType.INT64, Dims.reduced(name, s.sizes(), d));
    Internals.kernels(x).argReduce(max, s, d, out.strided());
    Reference.reachabilityFence(x);
    return keepDim ? out : out.squeeze(d);
  }
}
