package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Where something holds, and what is done there. */
public final class Masks {
  private Masks() {}

  static void require(String operation, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      throw new IllegalArgumentException(
          message("%s: expected BoolTensor for mask; got %s", operation, mask.dtype()));
    }
  }

  /** Returns the indices (INT64 [n, dim()]) of all elements that are not 0, in row-major order. */
  public static Tensor nonzero(Tensor self) {
    long[][] places = places(self);
    int dims = self.dim();
    long[] flat = new long[places.length * dims];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(places[i], 0, flat, i * dims, dims);
    }
    return Tensor.of(flat, places.length, dims).to(self.device());
  }

  /**
   * Returns the indices (INT64 [n]) of all elements that are not 0, one tensor for each dimension;
   * a 0-d tensor counts as 1-d. PyTorch: {@code nonzero(as_tuple=True)}.
   */
  public static List<Tensor> nonzeroAsTuple(Tensor self) {
    Tensor shaped = self.dim() == 0 ? self.reshape(1) : self;
    long[][] places = places(shaped);
    List<Tensor> out = new ArrayList<>();
    for (int d = 0; d < shaped.dim(); d++) {
      long[] column = new long[places.length];
      for (int i = 0; i < places.length; i++) {
        column[i] = places[i][d];
      }
      out.add(Tensor.of(column).to(self.device()));
    }
    return out;
  }

  /**
   * Returns the indices of all elements that are not 0, under the name NumPy uses; see {@link
   * Tensor#nonzero}.
   */
  public static Tensor argwhere(Tensor self) {
    return nonzero(self);
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

  /**
   * Copies the part of matrices, the last two dimensions, on and below a diagonal; 0 elsewhere.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public static Tensor tril(Tensor self, long diagonal) {
    return triangle(self, diagonal, false);
  }

  /** Overwrites this with {@link Tensor#tril(long)} and gives it back. */
  public static Tensor tril_(Tensor self, long diagonal) {
    return triangleInPlace(self, diagonal, false);
  }

  /**
   * Copies the part of matrices, the last two dimensions, on and above a diagonal; 0 elsewhere.
   *
   * @param diagonal above (positive) or below (negative) the main diagonal
   * @throws IllegalArgumentException if there are fewer than 2 dimensions
   */
  public static Tensor triu(Tensor self, long diagonal) {
    return triangle(self, diagonal, true);
  }

  /** Overwrites this with {@link Tensor#triu(long)} and gives it back. */
  public static Tensor triu_(Tensor self, long diagonal) {
    return triangleInPlace(self, diagonal, true);
  }

  /**
   * Returns the part of matrices on one side of a diagonal; 0 elsewhere.
   *
   * @param upper whether the part on and above it is kept, else that on and below
   */
  static Tensor triangle(Tensor x, long diagonal, boolean upper) {
    return Where.of(kept(x, diagonal, upper), x, x.newZeros());
  }

  private static Tensor triangleInPlace(Tensor x, long diagonal, boolean upper) {
    Tensor kept = kept(x, diagonal, upper);
    Overwriting.check(upper ? "triu_" : "tril_", x);
    return MaskedFill.maskedFill_(x, kept.logicalNot(), 0);
  }

  private static Tensor kept(Tensor x, long diagonal, boolean upper) {
    String name = upper ? "triu" : "tril";
    if (x.dim() < 2) {
      throw new IllegalArgumentException(
          message("%s: input tensor must have at least 2 dimensions; got %s", name, x.shape()));
    }
    Tensor rows = Tensor.on(x.device()).arange(x.size(-2)).unsqueeze(1).add(diagonal);
    Tensor columns = Tensor.on(x.device()).arange(x.size(-1));
    return upper ? columns.ge(rows) : columns.le(rows);
  }

  /** Returns INT64 [2, n]: the rows and columns of the triangle of a matrix, row by row. */
  public static Tensor triangleIndices(long rows, long columns, long offset, boolean upper) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          message("row and col must be non-negative; got %s, %s", rows, columns));
    }
    Dims.numel(upper ? "triuIndices" : "trilIndices", rows, columns);
    return nonzero(triangle(Tensor.ones(DType.BOOL, rows, columns), offset, upper))
        .t()
        .contiguous();
  }

  /**
   * Returns one-hot vectors (INT64): a new last dimension with a 1 at the class that each element
   * names, 0 elsewhere.
   *
   * @param numClasses size of the new dimension; −1 for the largest class + 1
   * @throws IllegalArgumentException if this is not INT64, or a class is outside
   */
  public static Tensor oneHot(Tensor self, long numClasses) {
    if (self.dtype() != DType.INT64) {
      throw new IllegalArgumentException(
          "one_hot is only applicable to index tensor of type LongTensor; got " + self.dtype());
    }
    long largest = -1;
    for (long each : self.toLongArray()) {
      if (each < 0) {
        throw new IllegalArgumentException("Class values must be non-negative; got " + each);
      }
      largest = Math.max(largest, each);
    }
    if (numClasses < 0 && self.numel() == 0) {
      throw new IllegalArgumentException(
          "Can not infer total number of classes from empty tensor.");
    }
    long n = numClasses < 0 ? largest + 1 : numClasses;
    if (largest >= n) {
      throw new IllegalArgumentException(
          message("Class values must be smaller than num_classes; got %s of %s", largest, n));
    }
    return self.unsqueeze(-1).eq(Tensor.on(self.device()).arange(n)).to(DType.INT64);
  }
}
