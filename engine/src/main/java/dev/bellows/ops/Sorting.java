package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.lang.ref.Reference;

/** Elements by order: places are found by a kernel, values gathered, so that gradients follow. */
public final class Sorting {
  private Sorting() {}

  /**
   * Returns the indices (INT64) that sort a dimension; equal elements keep their order, NaN counts
   * as the largest.
   */
  public static Tensor argsort(Tensor self, int dim, @Default("false") boolean descending) {
    int d = Dims.wrap("sort", dim, self.dim());
    if (self.dim() == 0) {
      return self.newZeros(DType.INT64);
    }
    Tensor out = Internals.allocate(self.device(), DType.INT64, self.shape());
    Internals.kernels(self).argSort(self.strided(), d, descending, out.strided());
    Reference.reachabilityFence(self);
    return out;
  }

  /**
   * Sorts a dimension: the values, and their indices (INT64) before. Equal elements keep their
   * order, NaN counts as the largest.
   */
  public static ValuesAndIndices sort(Tensor self, int dim, @Default("false") boolean descending) {
    return at(self, dim, argsort(self, dim, descending));
  }

  /** Sorts the first dimension; equal elements keep their order, NaN counts as the largest. */
  public static Tensor msort(Tensor self) {
    return sort(self, 0, false).values();
  }

  /** Returns the values at places along a dimension. */
  static ValuesAndIndices at(Tensor x, int dim, Tensor places) {
    return new ValuesAndIndices(Gather.gather(x, dim, places), places);
  }

  /** Returns the values at places of size 1 along a dimension, which goes away unless kept. */
  static ValuesAndIndices at(Tensor x, int dim, Tensor places, boolean keepDim) {
    Tensor values = Gather.gather(x, dim, places);
    if (keepDim || x.dim() == 0) {
      return new ValuesAndIndices(values, places);
    }
    return new ValuesAndIndices(values.squeeze(dim), places.squeeze(dim));
  }

  /**
   * Returns the k largest, or smallest, elements along a dimension and their indices (INT64), the
   * best first.
   *
   * @throws IllegalArgumentException if k is negative or larger than the dimension
   */
  public static ValuesAndIndices topk(
      Tensor self, long k, @Default("-1") int dim, @Default("true") boolean largest) {
    Accepted.check("topk", self.dtype());
    int d = Dims.wrap("topk", dim, self.dim());
    long n = self.dim() == 0 ? 1 : self.size(d);
    if (k < 0 || k > n) {
      throw new IllegalArgumentException(
          message("topk: selected index k out of range; got k %s of %s", k, n));
    }
    if (self.dim() == 0) {
      return at(self, 0, self.newZeros(DType.INT64));
    }
    long[] sizes = self.shape();
    sizes[d] = k;
    Tensor places = Internals.allocate(self.device(), DType.INT64, sizes);
    boolean found = Internals.kernels(self).argTop(self.strided(), d, largest, places.strided());
    Reference.reachabilityFence(self);
    return at(self, d, found ? places : argsort(self, d, largest).narrow(d, 0, k));
  }

  /**
   * Returns the k-th smallest element (k counts from 1) along a dimension, and its index (INT64).
   * The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if k is below 1 or larger than the dimension
   */
  public static ValuesAndIndices kthvalue(
      Tensor self, long k, int dim, @Default("false") boolean keepDim) {
    Accepted.check("kthvalue", self.dtype());
    int d = Dims.wrap("kthvalue", dim, self.dim());
    long n = self.dim() == 0 ? 1 : self.size(d);
    if (k < 1 || k > n) {
      throw new IllegalArgumentException(
          message(
              "kthvalue(): selected number k out of range for dimension %s; got %s of %s",
              d, k, n));
    }
    if (self.dim() == 0) {
      return at(self, 0, self.newZeros(DType.INT64));
    }
    return at(self, d, argsort(self, d, false).narrow(d, k - 1, 1), keepDim);
  }

  /**
   * Returns the largest element along a dimension, and the index (INT64) of the first of equal
   * ones. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static ValuesAndIndices max(Tensor self, int dim, @Default("false") boolean keepDim) {
    return extreme(true, self, dim, keepDim);
  }

  /**
   * Returns the smallest element along a dimension, and the index (INT64) of the first of equal
   * ones. The dimension is kept as size 1 if {@code keepDim}, else removed.
   *
   * @throws IllegalArgumentException if the dimension is empty
   */
  public static ValuesAndIndices min(Tensor self, int dim, @Default("false") boolean keepDim) {
    return extreme(false, self, dim, keepDim);
  }

  /** Returns the largest or smallest along a dimension, and where it is. */
  static ValuesAndIndices extreme(boolean max, Tensor x, int dim, boolean keepDim) {
    Tensor place = ArgExtremum.ofAnyType(max, x, dim, true);
    return at(x, Dims.wrap(max ? "max" : "min", dim, x.dim()), place, keepDim);
  }

  /**
   * Computes the running maximum along a dimension, and the index (INT64) of the last of equal
   * elements.
   */
  public static ValuesAndIndices cummax(Tensor self, int dim) {
    return cumulative(true, self, dim);
  }

  /**
   * Computes the running minimum along a dimension, and the index (INT64) of the last of equal
   * elements.
   */
  public static ValuesAndIndices cummin(Tensor self, int dim) {
    return cumulative(false, self, dim);
  }

  /** Computes the running maximum or minimum, and where it is. */
  static ValuesAndIndices cumulative(boolean max, Tensor x, int dim) {
    int d = Dims.wrap(max ? "cummax" : "cummin", dim, x.dim());
    if (x.dim() == 0) {
      return at(x, 0, x.newZeros(DType.INT64));
    }
    return at(x, d, Scan.places(max, x, d));
  }

  /**
   * Returns the indices (INT64) at which values would be inserted into the last dimension of this
   * sorted tensor.
   *
   * @param values of any shape if this is 1-d, else of this shape but for the last dimension
   * @param right whether after equal elements, else before them
   * @throws IllegalArgumentException if the shapes do not fit, or this has no dimensions
   */
  public static Tensor searchsorted(Tensor self, Tensor values, @Default("false") boolean right) {
    Accepted.check("searchsorted", Types.promote(self.dtype(), values.dtype()));
    Tensor rows = self;
    Tensor wanted = values;
    if (self.dim() == 0) {
      throw new IllegalArgumentException(
          "searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension");
    }
    boolean flat = self.dim() == 1;
    if (!flat) {
      long[] a = self.shape();
      long[] b = values.shape();
      boolean fits = a.length == b.length;
      for (int d = 0; fits && d < a.length - 1; d++) {
        fits = a[d] == b[d];
      }
      if (!fits) {
        throw new IllegalArgumentException(
            message(
                "searchsorted(): boundaries tensor should be 1 dimension or the first N-1"
                    + " dimensions of boundaries tensor and input value tensor must match, but we"
                    + " got boundaries tensor %s and input value tensor %s",
                a, b));
      }
    } else {
      wanted = values.reshape(values.numel());
    }
    DType type = Types.promote(self.dtype(), values.dtype());
    rows = rows.detach().to(type);
    wanted = wanted.detach().to(type);
    Strided w = wanted.strided();
    SameDevice.check("searchsorted", rows, wanted);
    Tensor out = Internals.allocate(w.device(), DType.INT64, w.sizes());
    Internals.kernels(out).searchSorted(rows.strided(), w, right, out.strided());
    Reference.reachabilityFence(rows);
    Reference.reachabilityFence(wanted);
    return flat ? out.reshape(values.shape()) : out;
  }

  /**
   * Returns the numbers (INT64) of the intervals between sorted 1-d boundaries that the elements
   * fall into.
   *
   * @param right whether an element equal to a boundary counts as above it
   */
  public static Tensor bucketize(Tensor self, Tensor boundaries, boolean right) {
    return searchsorted(boundaries, self, right);
  }

  /**
   * Differences of neighbours along a dimension, taken {@code n} times; for BOOL, whether they
   * differ.
   *
   * @throws IllegalArgumentException if n is negative, or there are no dimensions
   */
  public static Tensor diff(Tensor self, int n, int dim) {
    int d = Dims.wrap("diff", dim, self.dim());
    if (self.dim() == 0) {
      throw new IllegalArgumentException(
          "diff expects input to be at least one-dimensional; got a 0-dim tensor");
    }
    if (n < 0) {
      throw new IllegalArgumentException("order must be non-negative but got " + n);
    }
    Tensor out = self;
    for (int i = 0; i < n; i++) {
      long size = out.size(d);
      if (size == 0) {
        return out;
      }
      Tensor after = out.narrow(d, 1, size - 1);
      Tensor before = out.narrow(d, 0, size - 1);
      out = self.dtype() == DType.BOOL ? after.ne(before) : after.sub(before);
    }
    return out == self ? self.clone() : out;
  }

  /** Returns whether (BOOL) each element is one of the others. */
  public static Tensor isin(Tensor self, Tensor others) {
    DType type = Types.promote(self.dtype(), others.dtype());
    Accepted.check("isin", type);
    if (others.numel() == 0) {
      return self.newZeros(DType.BOOL, self.shape());
    }
    Tensor sorted = sort(others.detach().to(type).reshape(others.numel()), 0, false).values();
    Tensor wide = self.detach().to(type);
    Tensor right = searchsorted(sorted, wide, true);
    Tensor left = searchsorted(sorted, wide, false);
    return right.gt(left).mul(wide.eq(wide));
  }
}
