package dev.bellows.ops;

import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.ScatterReduce;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Slices by their places along one dimension, and parts replaced. */
public final class Picking {
  private Picking() {}

  /** A 1-d INT64 index shown in the shape of x with its own length along a dimension. */
  private static Tensor spread(Tensor x, int d, Tensor index) {
    long[] ones = new long[Math.max(1, x.dim())];
    Arrays.fill(ones, 1);
    ones[d] = index.numel();
    long[] sizes = x.dim() == 0 ? new long[] {1} : x.shape();
    sizes[d] = index.numel();
    return index.to(DType.INT64).reshape(ones).expand(sizes);
  }

  private static void checkVector(String name, Tensor index) {
    if (index.dim() > 1) {
      throw new IllegalArgumentException(
          name + "(): Index is supposed to be a vector; got " + Arrays.toString(index.shape()));
    }
    if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
      throw new IllegalArgumentException(
          name + "(): Expected dtype int32/int64 for index; got " + index.dtype());
    }
  }

  /** Slices in the order of an index. */
  public static Tensor indexSelect(Tensor x, int dim, Tensor index) {
    int d = Dims.wrap("indexSelect", dim, x.dim());
    checkVector("indexSelect", index);
    if (x.dim() == 0) {
      if (index.numel() != 1) {
        throw new IllegalArgumentException(
            "indexSelect(): Index to scalar can have only 1 value, got "
                + index.numel()
                + " value(s)");
      }
      return Gather.of(x.reshape(1), 0, spread(x, 0, index)).reshape();
    }
    return Gather.of(x, d, spread(x, d, index));
  }

  /** Slices added. */
  public static Tensor indexAdd(Tensor x, int dim, Tensor index, Tensor source, Number alpha) {
    Tensor scaled = alpha.doubleValue() == 1 ? source : source.mul(alpha).to(source.dtype());
    return along("indexAdd", ScatterOp.ADD, x, dim, index, scaled);
  }

  /** Slices replaced. */
  public static Tensor indexCopy(Tensor x, int dim, Tensor index, Tensor source) {
    return along("indexCopy", ScatterOp.SET, x, dim, index, source);
  }

  private static Tensor along(
      String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor source) {
    int d = Dims.wrap(name, dim, x.dim());
    checkSource(name, x, d, index, source);
    return Scatter.of(name, op, x, d, spread(x, d, index), source);
  }

  private static void checkSource(String name, Tensor x, int d, Tensor index, Tensor source) {
    checkVector(name, index);
    if (source.dtype() != x.dtype()) {
      throw new IllegalArgumentException(
          name
              + "(): self ("
              + x.dtype()
              + ") and source ("
              + source.dtype()
              + ") must have the same scalar type");
    }
    long[] expected = Gather.vector(x).shape();
    expected[d] = index.numel();
    boolean sameDims = source.dim() == x.dim() || name.equals("indexCopy");
    if (!sameDims || !Arrays.equals(expected, Gather.vector(source).shape())) {
      throw new IllegalArgumentException(
          name
              + "(): source must have self's shape with index's number of elements in dimension "
              + d
              + ", "
              + Arrays.toString(expected)
              + "; got self "
              + Arrays.toString(x.shape())
              + ", source "
              + Arrays.toString(source.shape()));
    }
  }

  /** Slices filled. */
  public static Tensor indexFill(Tensor x, int dim, Tensor index, Number value) {
    int d = Dims.wrap("indexFill", dim, x.dim());
    checkVector("indexFill", index);
    if (x.dim() == 0) {
      return Scatter.set(x.reshape(1), 0, spread(x, 0, wrapped(index, 1)), value).reshape();
    }
    return Scatter.set(x, d, spread(x, d, wrapped(index, x.size(d))), value);
  }

  /** Negative places counted from the end. */
  private static Tensor wrapped(Tensor index, long size) {
    Tensor wide = index.to(DType.INT64);
    return Where.of(wide.lt(0), wide.add(size), wide);
  }

  /** Slices combined. */
  public static Tensor indexReduce(
      Tensor x, int dim, Tensor index, Tensor source, ScatterReduce reduce, boolean includeSelf) {
    Accepted.check("indexReduce", x.dtype());
    int d = Dims.wrap("indexReduce", dim, x.dim());
    checkSource("indexReduce", x, d, index, source);
    if (x.dim() == 0) {
      return Scatter.reduce(
              x.reshape(1), 0, spread(x, 0, index), source.reshape(1), reduce, includeSelf)
          .reshape();
    }
    return Scatter.reduce(x, d, spread(x, d, index), source, reduce, includeSelf);
  }

  /** See {@link ScatterAdd}; src may be larger than index. */
  public static Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor src) {
    return Scatter.of("scatterAdd", ScatterOp.ADD, x, dim, index, src);
  }

  /** Gather with x and indices broadcast but along the dimension. */
  public static Tensor takeAlongDim(Tensor x, Tensor indices, int dim) {
    if (indices.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          "take_along_dim(): dtype of indices should be Long but got " + indices.dtype());
    }
    if (x.dim() != indices.dim()) {
      throw new IllegalArgumentException(
          "take_along_dim(): input and indices should have the same number of dimensions, but got "
              + x.dim()
              + " dimensions for input, and "
              + indices.dim()
              + " dimensions for indices");
    }
    int d = Dims.wrapExisting("takeAlongDim", dim, x.dim());
    long[] a = x.shape();
    long[] b = indices.shape();
    a[d] = 1;
    b[d] = 1;
    long[] common = Shapes.broadcast("takeAlongDim", a, b);
    long[] xShape = common.clone();
    xShape[d] = x.size(d);
    long[] indexShape = common.clone();
    indexShape[d] = indices.size(d);
    return Gather.of(x.expand(xShape), d, wrapped(indices, x.size(d)).expand(indexShape));
  }

  /** Slices repeated. */
  public static Tensor repeatInterleave(Tensor x, Tensor repeats, int dim) {
    int d = Dims.wrapExisting("repeatInterleave", dim, x.dim());
    long n = x.size(d);
    if (repeats.dim() > 1
        || repeats.dim() == 1 && repeats.numel() != n && repeats.numel() != 1
        || !repeats.dtype().isIntegral()) {
      throw new IllegalArgumentException(
          "repeats must be 0-dim or 1-dim whole numbers of the same size as input along dim; got "
              + repeats.dtype()
              + Arrays.toString(repeats.shape())
              + " for "
              + n);
    }
    long[] times = repeats.toLongArray();
    long total = 0;
    for (int i = 0; i < n; i++) {
      long count = times[times.length == 1 ? 0 : i];
      if (count < 0) {
        throw new IllegalArgumentException("repeats can not be negative; got " + count);
      }
      total = Dims.plus("repeatInterleave", total, count);
    }
    Dims.times("repeatInterleave", total, DType.INT64.bytes());
    try (Tensor index = Tensor.empty(DType.INT64, total)) {
      long address = index.strided().address();
      for (int i = 0; i < n; i++) {
        for (long k = times[times.length == 1 ? 0 : i]; k > 0; k--, address += 8) {
          Memory.putLong(address, i);
        }
      }
      return indexSelect(x, d, index.to(x.device()));
    }
  }

  /** x with a value where a mask is true. */
  public static Tensor maskedFill(Tensor x, Tensor mask, Number value) {
    boolean whole = !Types.isReal(value) || value.doubleValue() == Math.rint(value.doubleValue());
    if (x.dtype().isIntegral() && !whole) {
      throw new IllegalArgumentException(
          "maskedFill: value cannot be converted to type "
              + x.dtype()
              + " without overflow; got "
              + value);
    }
    try (Tensor one = x.newFull(value, x.dtype())) {
      return Masks.fill(x, mask, one);
    }
  }

  /** A copy of x of which a part is replaced. */
  public static Tensor replaced(String name, Tensor x, Tensor src, UnaryOperator<Tensor> part) {
    Tensor out = x.clone();
    Tensor view = part.apply(out);
    if (view == null) {
      throw new IllegalArgumentException(name + ": part must answer a view; got null");
    }
    if (!Arrays.equals(view.shape(), src.shape())) {
      throw new IllegalArgumentException(
          name
              + ": expected src to have a size equal to the part of self; got src "
              + Arrays.toString(src.shape())
              + ", part "
              + Arrays.toString(view.shape()));
    }
    view.copy_(src);
    return out;
  }

  /** Matrices with a vector on a diagonal. */
  public static Tensor diagEmbed(Tensor x, long offset) {
    if (x.dim() == 0) {
      throw new IllegalArgumentException(
          "diag_embed: expected at least a 1-dimensional tensor; got a 0-dim tensor");
    }
    long n = Dims.plus("diagEmbed", x.size(-1), Math.abs(offset));
    long[] shape = Arrays.copyOf(x.shape(), x.dim() + 1);
    shape[x.dim() - 1] = n;
    shape[x.dim()] = n;
    Dims.numel("diagEmbed", shape);
    return replaced("diagEmbed", x.newZeros(shape), x, t -> t.diagonal(offset, -2, -1));
  }

  /** A vector made a matrix, or a matrix's diagonal. */
  public static Tensor diag(Tensor x, long diagonal) {
    if (x.dim() != 1 && x.dim() != 2) {
      throw new IllegalArgumentException("diag(): Supports 1D or 2D tensors. Got " + x.dim() + "D");
    }
    return x.dim() == 1 ? diagEmbed(x, diagonal) : x.diagonal(diagonal, 0, 1).clone();
  }
}
