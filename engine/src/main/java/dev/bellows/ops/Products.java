package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Products of vectors and matrices with fixed numbers of dimensions, and sums with them. */
public final class Products {
  private Products() {}

  /** [m, k] · [k, n] → [m, n]. */
  public static Tensor mm(Tensor lhs, Tensor rhs) {
    matrix("mm", "self", lhs);
    matrix("mm", "mat2", rhs);
    return MatMul.of(lhs, rhs);
  }

  private static void matrix(String operation, String name, Tensor x) {
    if (x.dim() != 2) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be a matrix; got " + text(x));
    }
  }

  /** [b, m, k] · [b, k, n] → [b, m, n], without broadcasting. */
  public static Tensor bmm(Tensor lhs, Tensor rhs) {
    batch("bmm", lhs, rhs);
    return MatMul.of(lhs, rhs);
  }

  private static void batch(String operation, Tensor lhs, Tensor rhs) {
    for (Tensor x : List.of(lhs, rhs)) {
      if (x.dim() != 3) {
        String which = x == lhs ? "batch1" : "batch2";
        throw new IllegalArgumentException(
            operation + ": " + which + " must be a 3D tensor; got " + text(x));
      }
    }
    if (lhs.size(0) != rhs.size(0) || lhs.size(2) != rhs.size(1)) {
      throw new IllegalArgumentException(
          operation
              + ": Expected size for first two dimensions of batch2 tensor to be: ["
              + lhs.size(0)
              + ", "
              + lhs.size(2)
              + "] but got: ["
              + rhs.size(0)
              + ", "
              + rhs.size(1)
              + "].");
    }
  }

  /** [m, k] · [k] → [m]. */
  public static Tensor mv(Tensor matrix, Tensor vector) {
    long[] shape = {matrix.dim() == 2 ? matrix.size(0) : 0};
    matrixAndVector("mv", shape, matrix, vector);
    return MatMul.of(matrix, vector);
  }

  private static void matrixAndVector(String operation, long[] input, Tensor matrix, Tensor vec) {
    if (matrix.dim() != 2 || vec.dim() != 1 || input.length > 1) {
      throw new IllegalArgumentException(
          operation
              + ": vector + matrix @ vector expected, got "
              + input.length
              + ", "
              + matrix.dim()
              + ", "
              + vec.dim());
    }
    long m = input.length == 0 ? 1 : input[0];
    if (matrix.size(1) != vec.size(0) || m != 1 && m != matrix.size(0)) {
      throw new IllegalArgumentException(
          operation
              + ": size mismatch, got input ("
              + m
              + "), mat ("
              + matrix.size(0)
              + "x"
              + matrix.size(1)
              + "), vec ("
              + vec.size(0)
              + ")");
    }
  }

  /** Σ a[i]·b[i] of two vectors. */
  public static Tensor dot(Tensor a, Tensor b) {
    if (a.dim() != 1 || b.dim() != 1) {
      throw new IllegalArgumentException(
          "dot: 1D tensors expected, but got " + a.dim() + "D and " + b.dim() + "D tensors");
    }
    MatMul.checkTypes("dot", a, b);
    if (a.size(0) != b.size(0)) {
      throw new IllegalArgumentException(
          "dot: inconsistent tensor size, expected tensor "
              + text(a)
              + " and src "
              + text(b)
              + " to have the same number of elements, but got "
              + a.size(0)
              + " and "
              + b.size(0)
              + " elements respectively");
    }
    return MatMul.of(a, b);
  }

  /** Products of the last dimensions: [.., k] and [.., k] → [.., ..]. */
  public static Tensor inner(Tensor a, Tensor b) {
    if (a.dim() == 0 || b.dim() == 0) {
      return a.mul(b);
    }
    if (a.size(-1) != b.size(-1)) {
      throw new IllegalArgumentException(
          "inner() the last dimension must match on both input tensors but got shapes "
              + text(a)
              + " and "
              + text(b));
    }
    return Contractions.tensordot(a, b, new int[] {-1}, new int[] {-1});
  }

  /** a[i]·b[j] of two vectors. */
  public static Tensor outer(Tensor a, Tensor b) {
    vector("outer", "self", a);
    vector("outer", "vec2", b);
    return a.unsqueeze(1).mul(b);
  }

  private static void vector(String operation, String name, Tensor x) {
    if (x.dim() != 1) {
      throw new IllegalArgumentException(
          operation + ": Expected 1-D argument " + name + ", but got " + x.dim() + "-D");
    }
  }

  /** beta·input + alpha·(lhs · rhs), for matrices. */
  public static Tensor addmm(Tensor input, Tensor lhs, Tensor rhs, Number beta, Number alpha) {
    matrix("addmm", "mat1", lhs);
    matrix("addmm", "mat2", rhs);
    checkTypes("addmm", input, lhs, rhs);
    long[] shape = {lhs.size(0), rhs.size(1)};
    Tensor product = MatMul.of(wide(lhs), wide(rhs));
    return sum("addmm", input.expand(shape), product, beta, alpha);
  }

  /** beta·input + alpha·(matrix · vector). */
  public static Tensor addmv(Tensor input, Tensor matrix, Tensor vec, Number beta, Number alpha) {
    matrixAndVector("addmv", input.shape(), matrix, vec);
    checkTypes("addmv", input, matrix, vec);
    Tensor product = MatMul.of(wide(matrix), wide(vec));
    return sum("addmv", input.expand(matrix.size(0)), product, beta, alpha);
  }

  /** beta·input + alpha·Σ lhs[i] · rhs[i], summed over the batch. */
  public static Tensor addbmm(Tensor input, Tensor lhs, Tensor rhs, Number beta, Number alpha) {
    batch("addbmm", lhs, rhs);
    checkTypes("addbmm", input, lhs, rhs);
    int[] two = {0, 2};
    Tensor product = Contractions.tensordot(wide(lhs), wide(rhs), two, new int[] {0, 1});
    return sum("addbmm", input.expand(lhs.size(1), rhs.size(2)), product, beta, alpha);
  }

  /** beta·input + alpha·(lhs · rhs), for batches of matrices. */
  public static Tensor baddbmm(Tensor input, Tensor lhs, Tensor rhs, Number beta, Number alpha) {
    batch("baddbmm", lhs, rhs);
    checkTypes("baddbmm", input, lhs, rhs);
    Tensor product = MatMul.of(wide(lhs), wide(rhs));
    return sum("baddbmm", input.expand(product.shape()), product, beta, alpha);
  }

  /** beta·input + alpha·(a[i]·b[j]). */
  public static Tensor addr(Tensor input, Tensor a, Tensor b, Number beta, Number alpha) {
    vector("addr", "vec1", a);
    vector("addr", "vec2", b);
    DType type = Types.promote(Types.promote(a.dtype(), b.dtype()), input.dtype());
    Tensor product = outer(wide(a.to(type)), wide(b.to(type)));
    return sum("addr", input.to(type).expand(product.shape()), product, beta, alpha);
  }

  private static void checkTypes(String operation, Tensor input, Tensor lhs, Tensor rhs) {
    MatMul.checkTypes(operation, lhs, rhs);
    if (input.dtype() != lhs.dtype()) {
      throw new IllegalArgumentException(
          operation
              + ": input and factors must have the same dtype, but got "
              + input.dtype()
              + " and "
              + lhs.dtype());
    }
  }

  /** Halves as FLOAT32, so that only the end result is rounded to them. */
  private static Tensor wide(Tensor x) {
    return x.dtype().isHalf() ? x.to(DType.FLOAT32) : x;
  }

  private static Tensor sum(
      String operation, Tensor input, Tensor product, Number beta, Number alpha) {
    Tensor start = wide(input);
    if (beta.doubleValue() == 0) { // NaN and infinities of the input do not matter
      start = start.maskedFill(start.newOnes(DType.BOOL), 0);
    } else {
      start = scaled(operation, "beta", start, beta);
    }
    return start.add(scaled(operation, "alpha", product, alpha)).to(input.dtype());
  }

  private static Tensor scaled(String operation, String name, Tensor x, Number factor) {
    if (!x.dtype().isFloatingPoint() && Types.isReal(factor)) {
      throw new IllegalArgumentException(
          operation
              + ": For integral input tensors, argument "
              + name
              + " must not be a floating point number; got "
              + factor);
    }
    if (x.dtype() == DType.BOOL) {
      return factor.longValue() == 0 ? Tensor.zerosLike(x) : x;
    }
    return factor.doubleValue() == 1 ? x : x.mul(factor);
  }

  /** Writes a sum over its input, and answers that. */
  public static Tensor inPlace(String operation, Tensor self, Tensor result) {
    if (!Arrays.equals(self.shape(), result.shape())) {
      throw new IllegalArgumentException(
          operation
              + ": Bad in-place call: input tensor size "
              + text(self)
              + " and output tensor size "
              + text(result)
              + " should match");
    }
    Types.checkResult(operation, result.dtype(), self.dtype());
    return Copy.into(operation, self, result);
  }

  /** Product of 3-vectors that lie along a dimension. */
  public static Tensor cross(Tensor a, Tensor b, int dim) {
    if (a.dim() != b.dim()) {
      throw new IllegalArgumentException(
          "linalg.cross: inputs must have the same number of dimensions; got "
              + text(a)
              + " and "
              + text(b));
    }
    int d = Dims.wrap("linalg.cross", dim, a.dim());
    if (a.dim() == 0 || a.size(d) != 3 || b.size(d) != 3) {
      throw new IllegalArgumentException(
          "linalg.cross: inputs dimension "
              + dim
              + " must have length 3; got "
              + text(a)
              + " and "
              + text(b));
    }
    MatMul.checkTypes("linalg.cross", a, b);
    Tensor plus = rolled(a, 1, d).mul(rolled(b, 2, d));
    return plus.sub(rolled(a, 2, d).mul(rolled(b, 1, d)));
  }

  /** {@link #cross} along the first dimension of size 3. */
  public static Tensor cross(Tensor a, Tensor b) {
    for (int d = 0; d < a.dim(); d++) {
      if (a.size(d) == 3) {
        return cross(a, b, d);
      }
    }
    throw new IllegalArgumentException("cross: no dimension of size 3 in input; got " + text(a));
  }

  /** Element i is element i + shift, counted modulo 3. */
  private static Tensor rolled(Tensor x, long shift, int dim) {
    return x.roll(new long[] {-shift}, new int[] {dim});
  }

  /** Sum of the main diagonal of a matrix. */
  public static Tensor trace(Tensor x) {
    if (x.dim() != 2) {
      throw new IllegalArgumentException(
          "trace: expected a matrix, but got tensor with dim " + x.dim());
    }
    if (x.dtype() == DType.BOOL) {
      throw new UnsupportedOperationException("\"trace\" not implemented for 'Bool'; got BOOL");
    }
    return x.diagonal().sum();
  }

  /** Distances between each row of a [.., m, k] and each row of b [.., n, k] → [.., m, n]. */
  public static Tensor cdist(Tensor a, Tensor b, double p) {
    for (Tensor x : List.of(a, b)) {
      String name = x == a ? "X1" : "X2";
      if (x.dim() < 2) {
        throw new IllegalArgumentException(
            "cdist only supports at least 2D tensors, " + name + " got: " + x.dim() + "D");
      }
      if (!x.dtype().isFloatingPoint()) {
        throw new IllegalArgumentException(
            "cdist only supports floating-point dtypes, " + name + " got: " + x.dtype());
      }
    }
    MatMul.checkTypes("cdist", a, b);
    if (a.size(-1) != b.size(-1)) {
      throw new IllegalArgumentException(
          "cdist: X1 and X2 must have the same number of columns. X1: "
              + a.size(-1)
              + " X2: "
              + b.size(-1));
    }
    if (!(p >= 0)) {
      throw new IllegalArgumentException("cdist only supports non-negative p values; got " + p);
    }
    return a.unsqueeze(-2).sub(b.unsqueeze(-3)).norm(p, -1, false);
  }

  static String text(Tensor x) {
    return Arrays.toString(x.shape());
  }
}
