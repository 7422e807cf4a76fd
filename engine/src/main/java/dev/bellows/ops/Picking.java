package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

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

  /** Returns a 1-d INT64 index shown in the shape of x with its own length along a dimension. */
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
          message("%s(): Index is supposed to be a vector; got %s", name, index.shape()));
    }
    if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
      throw new IllegalArgumentException(
          message("%s(): Expected dtype int32/int64 for index; got %s", name, index.dtype()));
    }
  }

  /**
   * Copies the slices of a dimension that an index names, in its order.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @throws IllegalArgumentException if index has another type or shape
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public static Tensor indexSelect(Tensor self, int dim, Tensor index) {
    int d = Dims.wrap("indexSelect", dim, self.dim());
    checkVector("indexSelect", index);
    if (self.dim() == 0) {
      if (index.numel() != 1) {
        throw new IllegalArgumentException(
            message(
                "indexSelect(): Index to scalar can have only 1 value, got %s value(s)",
                index.numel()));
      }
      return Gather.gather(self.reshape(1), 0, spread(self, 0, index)).reshape();
    }
    return Gather.gather(self, d, spread(self, d, index));
  }

  /**
   * Copies this with {@code alpha} times the slices of source added to those that an index names.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   */
  public static Tensor indexAdd(Tensor self, int dim, Tensor index, Tensor source, Number alpha) {
    return along("indexAdd", ScatterOp.ADD, self, dim, index, scaled(source, alpha), false);
  }

  /**
   * Overwrites this with {@link Tensor#indexAdd(int, Tensor, Tensor, Number)} and gives it back.
   */
  public static Tensor indexAdd_(Tensor self, int dim, Tensor index, Tensor source, Number alpha) {
    return along("indexAdd", ScatterOp.ADD, self, dim, index, scaled(source, alpha), true);
  }

  private static Tensor scaled(Tensor source, Number alpha) {
    return alpha.doubleValue() == 1 ? source : source.mul(alpha).to(source.dtype());
  }

  /**
   * Copies this with the slices of source in place of those that an index names.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   */
  public static Tensor indexCopy(Tensor self, int dim, Tensor index, Tensor source) {
    return along("indexCopy", ScatterOp.SET, self, dim, index, source, false);
  }

  /** Overwrites this with {@link Tensor#indexCopy(int, Tensor, Tensor)} and gives it back. */
  public static Tensor indexCopy_(Tensor self, int dim, Tensor index, Tensor source) {
    return along("indexCopy", ScatterOp.SET, self, dim, index, source, true);
  }

  private static Tensor along(
      String name, ScatterOp op, Tensor x, int dim, Tensor index, Tensor source, boolean inPlace) {
    if (inPlace) {
      Overwriting.check(name + "_", x);
    }
    int d = Dims.wrap(name, dim, x.dim());
    checkSource(name, x, d, index, source);
    Tensor places = spread(x, d, index);
    return inPlace
        ? Scatter.inPlace(name, op, x, d, places, source)
        : Scatter.of(name, op, x, d, places, source);
  }

  private static void checkSource(String name, Tensor x, int d, Tensor index, Tensor source) {
    checkVector(name, index);
    if (source.dtype() != x.dtype()) {
      throw new IllegalArgumentException(
          message(
              "%s(): self (%s) and source (%s) must have the same scalar type",
              name, x.dtype(), source.dtype()));
    }
    long[] expected = Gather.vector(x).shape();
    expected[d] = index.numel();
    boolean sameDims = source.dim() == x.dim() || name.equals("indexCopy");
    if (!sameDims || !Arrays.equals(expected, Gather.vector(source).shape())) {
      throw new IllegalArgumentException(
          message(
              "%s(): source must have self's shape with index's number of elements in dimension %s,"
                  + " %s; got self %s, source %s",
              name, d, expected, x.shape(), source.shape()));
    }
  }

  /**
   * Copies this with the slices that an index names filled with a value.
   *
   * @param index 0-d or 1-d, INT64 or INT32; negative ones count from the end
   */
  public static Tensor indexFill(Tensor self, int dim, Tensor index, Number value) {
    Tensor places = filledPlaces(self, dim, index);
    Tensor filled = Scatter.scatter(Gather.vector(self), dim, places, value);
    return self.dim() == 0 ? filled.reshape() : filled;
  }

  /** Overwrites this with {@link Tensor#indexFill(int, Tensor, Number)} and gives it back. */
  public static Tensor indexFill_(Tensor self, int dim, Tensor index, Number value) {
    Overwriting.check("indexFill_", self);
    try (Tensor one = self.newFull(value, self.dtype())) {
      Tensor places = filledPlaces(self, dim, index);
      Tensor values = one.expand(places.shape());
      return Scatter.inPlace("indexFill", ScatterOp.SET, self, dim, places, values);
    }
  }

  private static Tensor filledPlaces(Tensor self, int dim, Tensor index) {
    int d = Dims.wrap("indexFill", dim, self.dim());
    checkVector("indexFill", index);
    return spread(self, d, wrapped(index, self.dim() == 0 ? 1 : self.size(d)));
  }

  /** Counts negative places from the end. */
  private static Tensor wrapped(Tensor index, long size) {
    Tensor wide = index.to(DType.INT64);
    return Where.of(wide.lt(0), wide.add(size), wide);
  }

  /**
   * Copies this with slices of source combined with those that an index names.
   *
   * @param index 0-d or 1-d, INT64 or INT32
   * @param source of this element type and shape, but with index's number of elements along {@code
   *     dim}
   * @param reduce how they are combined
   * @param includeSelf whether what this tensor has there is combined too
   */
  public static Tensor indexReduce(
      Tensor self,
      int dim,
      Tensor index,
      Tensor source,
      ScatterReduce reduce,
      boolean includeSelf) {
    Accepted.check("indexReduce", self.dtype());
    int d = Dims.wrap("indexReduce", dim, self.dim());
    checkSource("indexReduce", self, d, index, source);
    if (self.dim() == 0) {
      return Scatter.scatterReduce(
              self.reshape(1), 0, spread(self, 0, index), source.reshape(1), reduce, includeSelf)
          .reshape();
    }
    return Scatter.scatterReduce(self, d, spread(self, d, index), source, reduce, includeSelf);
  }

  /**
   * Picks elements along a dimension, as {@link Tensor#gather}; this and the indices are broadcast
   * in all other dimensions.
   *
   * @param indices INT64; negative ones count from the end
   * @throws IllegalArgumentException if indices have another type or number of dimensions
   */
  public static Tensor takeAlongDim(Tensor self, Tensor indices, int dim) {
    if (indices.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          "take_along_dim(): dtype of indices should be Long but got " + indices.dtype());
    }
    if (self.dim() != indices.dim()) {
      throw new IllegalArgumentException(
          message(
              "take_along_dim(): input and indices should have the same number of dimensions, but"
                  + " got %s dimensions for input, and %s dimensions for indices",
              self.dim(), indices.dim()));
    }
    int d = Dims.wrapExisting("takeAlongDim", dim, self.dim());
    long[] a = self.shape();
    long[] b = indices.shape();
    a[d] = 1;
    b[d] = 1;
    long[] common = Shapes.broadcast("takeAlongDim", a, b);
    long[] xShape = common.clone();
    xShape[d] = self.size(d);
    long[] indexShape = common.clone();
    indexShape[d] = indices.size(d);
    return Gather.gather(self.expand(xShape), d, wrapped(indices, self.size(d)).expand(indexShape));
  }

  /** Copies this with each slice of a dimension repeated so many times. */
  public static Tensor repeatInterleave(Tensor self, long repeats, int dim) {
    return repeatInterleave(self, Tensor.scalar(repeats), dim);
  }

  /**
   * Copies this with the i-th slice of a dimension repeated {@code repeats[i]} times.
   *
   * @param repeats integers, 0-d or 1-d: one for all slices, or one for each
   * @throws IllegalArgumentException if one is negative, or their number does not fit
   */
  public static Tensor repeatInterleave(Tensor self, Tensor repeats, int dim) {
    int d = Dims.wrapExisting("repeatInterleave", dim, self.dim());
    long n = self.size(d);
    if (repeats.dim() > 1
        || repeats.dim() == 1 && repeats.numel() != n && repeats.numel() != 1
        || !repeats.dtype().isIntegral()) {
      throw new IllegalArgumentException(
          message(
              "repeats must be 0-dim or 1-dim whole numbers of the same size as input along dim;"
                  + " got %s%s for %s",
              repeats.dtype(), repeats.shape(), n));
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
      return indexSelect(self, d, index.to(self.device()));
    }
  }

  /**
   * Copies this with one element of a dimension replaced; see {@link Tensor#select}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public static Tensor selectScatter(Tensor self, Tensor src, int dim, long index) {
    return replaced("selectScatter", self, src, x -> x.select(dim, index));
  }

  /**
   * Copies this with a slice of a dimension replaced; see {@link Tensor#slice(int, long, long,
   * long)}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public static Tensor sliceScatter(
      Tensor self, Tensor src, int dim, long start, long end, long step) {
    return replaced("sliceScatter", self, src, x -> x.slice(dim, start, end, step));
  }

  /**
   * Copies this with a diagonal replaced; see {@link Tensor#diagonal(long, int, int)}.
   *
   * @throws IllegalArgumentException if src does not have the shape of that part
   */
  public static Tensor diagonalScatter(Tensor self, Tensor src, long offset, int dim1, int dim2) {
    return replaced("diagonalScatter", self, src, x -> x.diagonal(offset, dim1, dim2));
  }

  /** Returns a copy of x of which a part is replaced. */
  static Tensor replaced(String name, Tensor x, Tensor src, UnaryOperator<Tensor> part) {
    Tensor out = x.clone();
    Tensor view = part.apply(out);
    if (view == null) {
      throw new IllegalArgumentException(name + ": part must answer a view; got null");
    }
    if (!Arrays.equals(view.shape(), src.shape())) {
      throw new IllegalArgumentException(
          message(
              "%s: expected src to have a size equal to the part of self; got src %s, part %s",
              name, src.shape(), view.shape()));
    }
    view.copy_(src);
    return out;
  }

  /**
   * Returns matrices with the last dimension of this on a diagonal; 0 elsewhere.
   *
   * @param offset above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are no dimensions
   */
  public static Tensor diagEmbed(Tensor self, long offset) {
    if (self.dim() == 0) {
      throw new IllegalArgumentException(
          "diag_embed: expected at least a 1-dimensional tensor; got a 0-dim tensor");
    }
    long n = Dims.plus("diagEmbed", self.size(-1), Math.abs(offset));
    long[] shape = Arrays.copyOf(self.shape(), self.dim() + 1);
    shape[self.dim() - 1] = n;
    shape[self.dim()] = n;
    Dims.numel("diagEmbed", shape);
    return replaced("diagEmbed", self.newZeros(shape), self, t -> t.diagonal(offset, -2, -1));
  }

  /**
   * Returns the matrix with this vector on a diagonal, or a copy of a diagonal of this matrix.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if this is neither a vector nor a matrix
   */
  public static Tensor diag(Tensor self, long diagonal) {
    if (self.dim() != 1 && self.dim() != 2) {
      throw new IllegalArgumentException(
          "diag(): Supports 1D or 2D tensors. Got " + self.dim() + "D");
    }
    return self.dim() == 1 ? diagEmbed(self, diagonal) : self.diagonal(diagonal, 0, 1).clone();
  }
}
