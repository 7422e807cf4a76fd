package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.lang.ref.Reference;
import java.util.Arrays;

/** Elements by order: places are found by a kernel, values gathered, so that gradients follow. */
public final class Sorting {
  private Sorting() {}

  /** Places in the order that sorts; equals keep their order, NaN is the largest. */
  public static Tensor argSort(Tensor x, int dim, boolean descending) {
    int d = Dims.wrap("sort", dim, x.dim());
    if (x.dim() == 0) {
      return x.newZeros(DType.INT64);
    }
    Tensor out = Internals.allocate(x.device(), DType.INT64, x.shape());
    Internals.kernels(x).argSort(x.strided(), d, descending, out.strided());
    Reference.reachabilityFence(x);
    return out;
  }

  /** Sorted values and where they were. */
  public static ValuesAndIndices sort(Tensor x, int dim, boolean descending) {
    return at(x, dim, argSort(x, dim, descending));
  }

  /** Values at places along a dimension. */
  static ValuesAndIndices at(Tensor x, int dim, Tensor places) {
    return new ValuesAndIndices(Gather.of(x, dim, places), places);
  }

  /** Values at places of size 1 along a dimension, which goes away unless kept. */
  static ValuesAndIndices at(Tensor x, int dim, Tensor places, boolean keepDim) {
    Tensor values = Gather.of(x, dim, places);
    if (keepDim || x.dim() == 0) {
      return new ValuesAndIndices(values, places);
    }
    return new ValuesAndIndices(values.squeeze(dim), places.squeeze(dim));
  }

  /** The k largest or smallest, in order. */
  public static ValuesAndIndices topk(Tensor x, long k, int dim, boolean largest) {
    Accepted.check("topk", x.dtype());
    int d = Dims.wrap("topk", dim, x.dim());
    long n = x.dim() == 0 ? 1 : x.size(d);
    if (k < 0 || k > n) {
      throw new IllegalArgumentException(
          "topk: selected index k out of range; got k " + k + " of " + n);
    }
    if (x.dim() == 0) {
      return at(x, 0, x.newZeros(DType.INT64));
    }
    return at(x, d, argSort(x, d, largest).narrow(d, 0, k));
  }

  /** The k-th smallest, from 1. */
  public static ValuesAndIndices kthvalue(Tensor x, long k, int dim, boolean keepDim) {
    Accepted.check("kthvalue", x.dtype());
    int d = Dims.wrap("kthvalue", dim, x.dim());
    long n = x.dim() == 0 ? 1 : x.size(d);
    if (k < 1 || k > n) {
      throw new IllegalArgumentException(
          "kthvalue(): selected number k out of range for dimension "
              + d
              + "; got "
              + k
              + " of "
              + n);
    }
    if (x.dim() == 0) {
      return at(x, 0, x.newZeros(DType.INT64));
    }
    return at(x, d, argSort(x, d, false).narrow(d, k - 1, 1), keepDim);
  }

  /** The largest or smallest along a dimension, and where it is. */
  public static ValuesAndIndices extreme(boolean max, Tensor x, int dim, boolean keepDim) {
    Tensor place = ArgExtremum.ofAnyType(max, x, dim, true);
    return at(x, Dims.wrap(max ? "max" : "min", dim, x.dim()), place, keepDim);
  }

  /** Running maximum or minimum, and where it is. */
  public static ValuesAndIndices cumulative(boolean max, Tensor x, int dim) {
    int d = Dims.wrap(max ? "cummax" : "cummin", dim, x.dim());
    if (x.dim() == 0) {
      return at(x, 0, x.newZeros(DType.INT64));
    }
    return at(x, d, Scan.places(max, x, d));
  }

  /**
   * Places of values in sorted rows.
   *
   * @param sorted [n], or [.., n] with the leading sizes of values
   */
  public static Tensor searchSorted(Tensor sorted, Tensor values, boolean right) {
    Accepted.check("searchsorted", Types.promote(sorted.dtype(), values.dtype()));
    Tensor rows = sorted;
    Tensor wanted = values;
    if (sorted.dim() == 0) {
      throw new IllegalArgumentException(
          "searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension");
    }
    boolean flat = sorted.dim() == 1;
    if (!flat) {
      long[] a = sorted.shape();
      long[] b = values.shape();
      boolean fits = a.length == b.length;
      for (int d = 0; fits && d < a.length - 1; d++) {
        fits = a[d] == b[d];
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of"
                + " boundaries tensor and input value tensor must match, but we got boundaries"
                + " tensor "
                + Arrays.toString(a)
                + " and input value tensor "
                + Arrays.toString(b));
      }
    } else {
      wanted = values.reshape(values.numel());
    }
    DType type = Types.promote(sorted.dtype(), values.dtype());
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

  /** Differences of neighbours, n times. */
  public static Tensor diff(Tensor x, int n, int dim) {
    int d = Dims.wrap("diff", dim, x.dim());
    if (x.dim() == 0) {
      throw new IllegalArgumentException(
          "diff expects input to be at least one-dimensional; got a 0-dim tensor");
    }
    if (n < 0) {
      throw new IllegalArgumentException("order must be non-negative but got " + n);
    }
    Tensor out = x;
    for (int i = 0; i < n; i++) {
      long size = out.size(d);
      if (size == 0) {
        return out;
      }
      Tensor after = out.narrow(d, 1, size - 1);
      Tensor before = out.narrow(d, 0, size - 1);
      out = x.dtype() == DType.BOOL ? after.ne(before) : after.sub(before);
    }
    return out == x ? x.clone() : out;
  }

  /** Whether each element is one of the others. */
  public static Tensor isin(Tensor x, Tensor others) {
    DType type = Types.promote(x.dtype(), others.dtype());
    Accepted.check("isin", type);
    if (others.numel() == 0) {
      return x.newZeros(DType.BOOL, x.shape());
    }
    Tensor sorted = sort(others.detach().to(type).reshape(others.numel()), 0, false).values();
    Tensor wide = x.detach().to(type);
    Tensor right = searchSorted(sorted, wide, true);
    Tensor left = searchSorted(sorted, wide, false);
    return right.gt(left).mul(wide.eq(wide));
  }
}
