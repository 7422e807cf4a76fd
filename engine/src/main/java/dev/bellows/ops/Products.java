package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Products of vectors and matrices with fixed numbers of dimensions. */
public final class Products {
  private Products() {}

  /**
   * Computes the product of two matrices, [m, k] · [k, n] → [m, n].
   *
   * @throws IllegalArgumentException if one is no matrix, or sizes or types differ
   */
  public static Tensor mm(Tensor self, Tensor other) {
    matrix("mm", "self", self);
    matrix("mm", "mat2", other);
    return MatMul.matmul(self, other);
  }

  /** Writes {@link Tensor#mm} to a tensor. */
  public static Tensor mmOut(Tensor out, Tensor lhs, Tensor rhs) {
    matrix("mm", "self", lhs);
    matrix("mm", "mat2", rhs);
    return MatMul.into("mm", out, lhs, rhs);
  }

  static void matrix(String operation, String name, Tensor x) {
    if (x.dim() != 2) {
      throw new IllegalArgumentException(
          message("%s: %s must be a matrix; got %s", operation, name, text(x)));
    }
  }

  /**
   * Computes the products of the matrices of two batches, [b, m, k] · [b, k, n] → [b, m, n],
   * without broadcasting.
   *
   * @throws IllegalArgumentException if sizes or types differ
   */
  public static Tensor bmm(Tensor self, Tensor other) {
    batch("bmm", self, other);
    return MatMul.matmul(self, other);
  }

  /** Writes {@link Tensor#bmm} to a tensor. */
  public static Tensor bmmOut(Tensor out, Tensor lhs, Tensor rhs) {
    batch("bmm", lhs, rhs);
    return MatMul.into("bmm", out, lhs, rhs);
  }

  static void batch(String operation, Tensor lhs, Tensor rhs) {
    for (Tensor x : List.of(lhs, rhs)) {
      if (x.dim() != 3) {
        String which = x == lhs ? "batch1" : "batch2";
        throw new IllegalArgumentException(
            message("%s: %s must be a 3D tensor; got %s", operation, which, text(x)));
      }
    }
    if (lhs.size(0) != rhs.size(0) || lhs.size(2) != rhs.size(1)) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected size for first two dimensions of batch2 tensor to be: [%s, %s] but got:"
                  + " [%s, %s].",
              operation, lhs.size(0), lhs.size(2), rhs.size(0), rhs.size(1)));
    }
  }

  /**
   * Computes the product of a matrix and a vector, [m, k] · [k] → [m].
   *
   * @throws IllegalArgumentException if sizes or types differ
   */
  public static Tensor mv(Tensor self, Tensor vector) {
    long[] shape = {self.dim() == 2 ? self.size(0) : 0};
    matrixAndVector("mv", shape, self, vector);
    return MatMul.matmul(self, vector);
  }

  static void matrixAndVector(String operation, long[] input, Tensor matrix, Tensor vec) {
    if (matrix.dim() != 2 || vec.dim() != 1 || input.length > 1) {
      throw new IllegalArgumentException(
          message(
              "%s: vector + matrix @ vector expected, got %s, %s, %s",
              operation, input.length, matrix.dim(), vec.dim()));
    }
    long m = input.length == 0 ? 1 : input[0];
    if (matrix.size(1) != vec.size(0) || m != 1 && m != matrix.size(0)) {
      throw new IllegalArgumentException(
          message(
              "%s: size mismatch, got input (%s), mat (%sx%s), vec (%s)",
              operation, m, matrix.size(0), matrix.size(1), vec.size(0)));
    }
  }

  /**
   * Computes the sum of the products of corresponding elements of two vectors.
   *
   * @throws IllegalArgumentException if they are no vectors, or sizes or types differ
   */
  public static Tensor dot(Tensor self, Tensor other) {
    if (self.dim() != 1 || other.dim() != 1) {
      throw new IllegalArgumentException(
          message(
              "dot: 1D tensors expected, but got %sD and %sD tensors", self.dim(), other.dim()));
    }
    MatMul.checkTypes("dot", self, other);
    if (self.size(0) != other.size(0)) {
      throw new IllegalArgumentException(
          message(
              "dot: inconsistent tensor size, expected tensor %s and src %s to have the same number"
                  + " of elements, but got %s and %s elements respectively",
              text(self), text(other), self.size(0), other.size(0)));
    }
    return MatMul.matmul(self, other);
  }

  /**
   * Computes the sum of the products of corresponding elements of two vectors: as {@link
   * Tensor#dot}, since there are no complex numbers.
   */
  public static Tensor vdot(Tensor self, Tensor other) {
    return dot(self, other);
  }

  /**
   * Computes the sums of products over the last dimension of both, [.., k] and [.., k] → [.., ..];
   * the product if one has no dimensions.
   *
   * @throws IllegalArgumentException if the last dimensions or types differ
   */
  public static Tensor inner(Tensor self, Tensor other) {
    if (self.dim() == 0 || other.dim() == 0) {
      return self.mul(other);
    }
    if (self.size(-1) != other.size(-1)) {
      throw new IllegalArgumentException(
          message(
              "inner() the last dimension must match on both input tensors but got shapes %s and"
                  + " %s",
              text(self), text(other)));
    }
    return Contractions.tensordot(self, other, new int[] {-1}, new int[] {-1});
  }

  /**
   * Computes all products of an element of this vector and one of the other, [m] and [n] → [m, n].
   *
   * @throws IllegalArgumentException if one is no vector
   */
  public static Tensor outer(Tensor self, Tensor other) {
    vector("outer", "self", self);
    vector("outer", "vec2", other);
    return self.unsqueeze(1).mul(other);
  }

  /**
   * Computes all products of an element of this vector and one of the other: another name of {@link
   * Tensor#outer}.
   */
  public static Tensor ger(Tensor self, Tensor other) {
    return outer(self, other);
  }

  static void vector(String operation, String name, Tensor x) {
    if (x.dim() != 1) {
      throw new IllegalArgumentException(
          message("%s: Expected 1-D argument %s, but got %s-D", operation, name, x.dim()));
    }
  }

  /**
   * Cross product of 3-vectors that lie along a dimension; other dimensions broadcast.
   *
   * @throws IllegalArgumentException if the dimension is not of size 3, or types differ
   */
  public static Tensor cross(Tensor self, Tensor other, int dim) {
    if (self.dim() != other.dim()) {
      throw new IllegalArgumentException(
          message(
              "linalg.cross: inputs must have the same number of dimensions; got %s and %s",
              text(self), text(other)));
    }
    int d = Dims.wrap("linalg.cross", dim, self.dim());
    if (self.dim() == 0 || self.size(d) != 3 || other.size(d) != 3) {
      throw new IllegalArgumentException(
          message(
              "linalg.cross: inputs dimension %s must have length 3; got %s and %s",
              dim, text(self), text(other)));
    }
    MatMul.checkTypes("linalg.cross", self, other);
    Tensor plus = rolled(self, 1, d).mul(rolled(other, 2, d));
    return plus.sub(rolled(self, 2, d).mul(rolled(other, 1, d)));
  }

  /**
   * Cross product of 3-vectors along the first dimension of size 3.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Tensor cross(Tensor self, Tensor other) {
    for (int d = 0; d < self.dim(); d++) {
      if (self.size(d) == 3) {
        return cross(self, other, d);
      }
    }
    throw new IllegalArgumentException("cross: no dimension of size 3 in input; got " + text(self));
  }

  /** Rolls x: element i is element i + shift, counted modulo 3. */
  private static Tensor rolled(Tensor x, long shift, int dim) {
    return x.roll(new long[] {-shift}, new int[] {dim});
  }

  /**
   * Computes the sum of the main diagonal of a matrix; integers are summed in INT64.
   *
   * @throws IllegalArgumentException if this is no matrix
   */
  public static Tensor trace(Tensor self) {
    if (self.dim() != 2) {
      throw new IllegalArgumentException(
          "trace: expected a matrix, but got tensor with dim " + self.dim());
    }
    if (self.dtype() == DType.BOOL) {
      throw new UnsupportedOperationException("\"trace\" not implemented for 'Bool'; got BOOL");
    }
    return self.diagonal().sum();
  }

  /**
   * Returns the distances between each row of this [.., m, k] and each row of the other [.., n, k]
   * → [.., m, n].
   *
   * @param p order of the norm, ≥ 0, may be infinite
   * @throws IllegalArgumentException if a tensor is not floating point or has fewer than 2
   *     dimensions, or the rows differ in length
   */
  public static Tensor cdist(Tensor self, Tensor other, @Default("2") double p) {
    for (Tensor x : List.of(self, other)) {
      String name = x == self ? "X1" : "X2";
      if (x.dim() < 2) {
        throw new IllegalArgumentException(
            message("cdist only supports at least 2D tensors, %s got: %sD", name, x.dim()));
      }
      if (!x.dtype().isFloatingPoint()) {
        throw new IllegalArgumentException(
            message("cdist only supports floating-point dtypes, %s got: %s", name, x.dtype()));
      }
    }
    MatMul.checkTypes("cdist", self, other);
    if (self.size(-1) != other.size(-1)) {
      throw new IllegalArgumentException(
          message(
              "cdist: X1 and X2 must have the same number of columns. X1: %s X2: %s",
              self.size(-1), other.size(-1)));
    }
    if (!(p >= 0)) {
      throw new IllegalArgumentException("cdist only supports non-negative p values; got " + p);
    }
    return self.unsqueeze(-2).sub(other.unsqueeze(-3)).norm(p, -1, false);
  }

  static String text(Tensor x) {
    return Arrays.toString(x.shape());
  }
}
