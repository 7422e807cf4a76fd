package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where something holds, and what is done there. */
public final class Masks {
  private Masks() {}

  static void require(String operation, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      throw new IllegalArgumentException(
          operation + ": expected BoolTensor for mask; got " + mask.dtype());
    }
  }

  /** INT64 [n, dims]: the places of all elements that are not 0, in row-major order. */
  public static Tensor nonzero(Tensor x) {
    long[][] places = places(x);
    int dims = x.dim();
    long[] flat = new long[places.length * dims];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(places[i], 0, flat, i * dims, dims);
    }
    return Tensor.of(flat, places.length, dims).to(x.device());
  }

  /** The places, INT64 [n], one tensor for each dimension; a 0-d tensor counts as 1-d. */
  public static List<Tensor> nonzeroAsTuple(Tensor x) {
    Tensor shaped = x.dim() == 0 ? x.reshape(1) : x;
    long[][] places = places(shaped);
    List<Tensor> out = new ArrayList<>();
    for (int d = 0; d < shaped.dim(); d++) {
      long[] column = new long[places.length];
      for (int i = 0; i < places.length; i++) {
        column[i] = places[i][d];
      }
      out.add(Tensor.of(column).to(x.device()));
    }
    return out;
  }

  private static long[][] places(Tensor x) {
    boolean[] truth = x.detach().toBooleanArray();
    long[] sizes = x.shape();
    long[] strides = Shapes.contiguousStrides(sizes);
    List<long[]> out = new ArrayList<>();
    for (int i = 0; i < truth.length; i++) {
      if (truth[i]) {
        long[] place = new long[sizes.length];
        for (int d = 0; d < sizes.length; d++) {
          place[d] = i / strides[d] % Math.max(1, sizes[d]);
        }
        out.add(place);
      }
    }
    return out.toArray(new long[0][]);
  }

  /** x with a value where a mask is true, in x's type; broadcast. */
  public static Tensor fill(Tensor x, Tensor mask, Tensor value) {
    require("maskedFill", mask);
    if (value.dim() > 0) {
      throw new IllegalArgumentException(
          "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
              + value.dim()
              + " dimension(s).");
    }
    Types.checkResult("maskedFill", value.dtype(), x.dtype());
    return Where.of(mask, value.to(x.dtype()), x);
  }

  /**
   * The part of matrices on one side of a diagonal; 0 elsewhere.
   *
   * @param upper whether the part on and above it is kept, else that on and below
   */
  public static Tensor triangle(Tensor x, long diagonal, boolean upper) {
    String name = upper ? "triu" : "tril";
    if (x.dim() < 2) {
      throw new IllegalArgumentException(
          name
              + ": input tensor must have at least 2 dimensions; got "
              + Arrays.toString(x.shape()));
    }
    Tensor rows = Tensor.on(x.device()).arange(x.size(-2)).unsqueeze(1).add(diagonal);
    Tensor columns = Tensor.on(x.device()).arange(x.size(-1));
    Tensor keep = upper ? columns.ge(rows) : columns.le(rows);
    return Where.of(keep, x, x.newZeros());
  }

  /** INT64 [2, n]: rows and columns of the triangle of a matrix, row by row. */
  public static Tensor triangleIndices(long rows, long columns, long offset, boolean upper) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "row and col must be non-negative; got " + rows + ", " + columns);
    }
    Dims.numel(upper ? "triuIndices" : "trilIndices", rows, columns);
    return nonzero(triangle(Tensor.ones(DType.BOOL, rows, columns), offset, upper))
        .t()
        .contiguous();
  }

  /** A new last dimension with a 1 at the place that each element names. */
  public static Tensor oneHot(Tensor x, long classes) {
    if (x.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          "one_hot is only applicable to index tensor of type LongTensor; got " + x.dtype());
    }
    long largest = -1;
    for (long each : x.toLongArray()) {
      if (each < 0) {
        throw new IllegalArgumentException("Class values must be non-negative; got " + each);
      }
      largest = Math.max(largest, each);
    }
    if (classes < 0 && x.numel() == 0) {
      throw new IllegalArgumentException(
          "Can not infer total number of classes from empty tensor.");
    }
    long n = classes < 0 ? largest + 1 : classes;
    if (largest >= n) {
      throw new IllegalArgumentException(
          "Class values must be smaller than num_classes; got " + largest + " of " + n);
    }
    return x.unsqueeze(-1).eq(Tensor.on(x.device()).arange(n)).to(DType.INT64);
  }
}
