package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Computes beta · self + alpha · product, where the product is of matrices, vectors or batches of
 * matrices; each operation also overwrites self. Halves are computed in FLOAT32 and rounded once.
 */
public final class AddedProducts {
  private AddedProducts() {}

  /**
   * Computes beta · self + alpha · (mat1 · mat2), for matrices; this is broadcast. With beta 0 the
   * content of this does not matter.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public static Tensor addmm(
      Tensor self,
      Tensor mat1,
      Tensor mat2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkMatrices(self, mat1, mat2);
    return sum("addmm", self, product(mat1, mat2), beta, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#addmm(Tensor, Tensor, Number, Number)} and gives it back.
   */
  public static Tensor addmm_(
      Tensor self,
      Tensor mat1,
      Tensor mat2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkMatrices(self, mat1, mat2);
    return inPlace("addmm_", self, mat1, mat2, beta, alpha);
  }

  private static void checkMatrices(Tensor self, Tensor mat1, Tensor mat2) {
    Products.matrix("addmm", "mat1", mat1);
    Products.matrix("addmm", "mat2", mat2);
    checkTypes("addmm", self, mat1, mat2);
  }

  /**
   * Computes beta · self + alpha · (matrix · vector); this is broadcast. With beta 0 the content of
   * this does not matter.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public static Tensor addmv(
      Tensor self,
      Tensor matrix,
      Tensor vector,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkMatrixAndVector(self, matrix, vector);
    return sum("addmv", self, product(matrix, vector), beta, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#addmv(Tensor, Tensor, Number, Number)} and gives it back.
   */
  public static Tensor addmv_(
      Tensor self,
      Tensor matrix,
      Tensor vector,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkMatrixAndVector(self, matrix, vector);
    return inPlace("addmv_", self, matrix, vector, beta, alpha);
  }

  private static void checkMatrixAndVector(Tensor self, Tensor matrix, Tensor vector) {
    Products.matrixAndVector("addmv", self.shape(), matrix, vector);
    checkTypes("addmv", self, matrix, vector);
  }

  /**
   * Computes beta · self + alpha · Σ batch1[i] · batch2[i], summed over the batch; this is
   * broadcast. With beta 0 the content of this does not matter.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public static Tensor addbmm(
      Tensor self,
      Tensor batch1,
      Tensor batch2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkBatches("addbmm", self, batch1, batch2);
    return sum("addbmm", self, product(beside(batch1), below(batch2)), beta, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#addbmm(Tensor, Tensor, Number, Number)} and gives it back.
   */
  public static Tensor addbmm_(
      Tensor self,
      Tensor batch1,
      Tensor batch2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkBatches("addbmm", self, batch1, batch2);
    return inPlace("addbmm_", self, beside(batch1), below(batch2), beta, alpha);
  }

  /** Returns the matrices [b, m, k] of a batch side by side, [m, b · k]. */
  private static Tensor beside(Tensor batch) {
    return batch.transpose(0, 1).reshape(batch.size(1), batch.size(0) * batch.size(2));
  }

  /** Returns the matrices [b, k, n] of a batch one below the other, [b · k, n]. */
  private static Tensor below(Tensor batch) {
    return batch.reshape(batch.size(0) * batch.size(1), batch.size(2));
  }

  /**
   * Computes beta · self + alpha · (batch1 · batch2), for batches of matrices; this is broadcast.
   * With beta 0 the content of this does not matter.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public static Tensor baddbmm(
      Tensor self,
      Tensor batch1,
      Tensor batch2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkBatches("baddbmm", self, batch1, batch2);
    return sum("baddbmm", self, product(batch1, batch2), beta, alpha);
  }

  /**
   * Overwrites this with {@link Tensor#baddbmm(Tensor, Tensor, Number, Number)} and gives it back.
   */
  public static Tensor baddbmm_(
      Tensor self,
      Tensor batch1,
      Tensor batch2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    checkBatches("baddbmm", self, batch1, batch2);
    return inPlace("baddbmm_", self, batch1, batch2, beta, alpha);
  }

  private static void checkBatches(String operation, Tensor self, Tensor batch1, Tensor batch2) {
    Products.batch(operation, batch1, batch2);
    checkTypes(operation, self, batch1, batch2);
  }

  /**
   * Computes beta · self + alpha · {@link Tensor#outer} of two vectors; this is broadcast, types
   * are promoted. With beta 0 the content of this does not matter.
   *
   * @throws IllegalArgumentException if shapes or types do not fit, or a factor is a fraction and
   *     the types are integers
   */
  public static Tensor addr(
      Tensor self,
      Tensor vector1,
      Tensor vector2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    DType type = outerType(self, vector1, vector2);
    return sum("addr", self.to(type), outer(vector1, vector2, type), beta, alpha);
  }

  /** Overwrites this with {@link Tensor#addr(Tensor, Tensor, Number, Number)} and gives it back. */
  public static Tensor addr_(
      Tensor self,
      Tensor vector1,
      Tensor vector2,
      @Default("1") Number beta,
      @Default("1") Number alpha) {
    DType type = outerType(self, vector1, vector2);
    Overwriting.check("addr_", self);
    Types.checkResult("addr_", type, self.dtype());
    checkShape("addr_", self, vector1.size(0), vector2.size(0));
    return overwrite("addr_", self, outer(vector1, vector2, type), beta, alpha);
  }

  private static DType outerType(Tensor self, Tensor vector1, Tensor vector2) {
    Products.vector("addr", "vec1", vector1);
    Products.vector("addr", "vec2", vector2);
    return Types.promote(Types.promote(vector1.dtype(), vector2.dtype()), self.dtype());
  }

  private static Tensor outer(Tensor vector1, Tensor vector2, DType type) {
    return Products.outer(wide(vector1.to(type)), wide(vector2.to(type)));
  }

  private static void checkTypes(String operation, Tensor input, Tensor lhs, Tensor rhs) {
    MatMul.checkTypes(operation, lhs, rhs);
    if (input.dtype() != lhs.dtype()) {
      throw new IllegalArgumentException(
          message(
              "%s: input and factors must have the same dtype, but got %s and %s",
              operation, input.dtype(), lhs.dtype()));
    }
  }

  private static void checkShape(String operation, Tensor self, long... shape) {
    if (!Arrays.equals(self.shape(), shape)) {
      throw new IllegalArgumentException(
          message(
              "%s: Bad in-place call: input tensor size %s and output tensor size %s should match",
              operation, self.shape(), shape));
    }
  }

  /** Returns halves as FLOAT32, so that only the end result is rounded to them. */
  private static Tensor wide(Tensor x) {
    return x.dtype().isHalf() ? x.to(DType.FLOAT32) : x;
  }

  private static Tensor product(Tensor lhs, Tensor rhs) {
    return MatMul.matmul(wide(lhs), wide(rhs));
  }

  private static Tensor sum(
      String operation, Tensor input, Tensor product, Number beta, Number alpha) {
    Tensor start = wide(input.expand(product.shape()));
    if (beta.doubleValue() == 0) { // NaN and infinities of the input do not matter
      start = start.maskedFill(start.newOnes(DType.BOOL), 0);
    } else {
      start = scaled(operation, "beta", start, beta);
    }
    return start.add(scaled(operation, "alpha", product, alpha)).to(input.dtype());
  }

  private static Tensor scaled(String operation, String name, Tensor x, Number factor) {
    checkFactor(operation, name, x, factor);
    if (x.dtype() == DType.BOOL) {
      return factor.longValue() == 0 ? Tensor.zerosLike(x) : x;
    }
    return factor.doubleValue() == 1 ? x : x.mul(factor);
  }

  private static void checkFactor(String operation, String name, Tensor x, Number factor) {
    if (!x.dtype().isFloatingPoint() && Types.isReal(factor)) {
      throw new IllegalArgumentException(
          message(
              "%s: For integral input tensors, argument %s must not be a floating point number; got"
                  + " %s",
              operation, name, factor));
    }
  }

  /** Overwrites self with the sum; the product alone is written to it without a temporary. */
  private static Tensor inPlace(
      String operation, Tensor self, Tensor lhs, Tensor rhs, Number beta, Number alpha) {
    Overwriting.check(operation, self);
    long[] shape = Arrays.copyOf(lhs.shape(), rhs.dim() == 1 ? 1 : lhs.dim());
    if (rhs.dim() > 1) {
      shape[shape.length - 1] = rhs.size(-1);
    }
    checkShape(operation, self, shape);
    boolean recorded = self.requiresGrad() || lhs.requiresGrad() || rhs.requiresGrad();
    if (beta.doubleValue() == 0
        && alpha.doubleValue() == 1
        && !self.dtype().isHalf()
        && !(recorded && GradMode.isEnabled())) {
      checkFactor(operation, "beta", self, beta);
      checkFactor(operation, "alpha", self, alpha);
      return MatMul.into(operation, self, lhs, rhs);
    }
    return overwrite(operation, self, product(lhs, rhs), beta, alpha);
  }

  /** Overwrites self, which has no part in the product's memory. */
  private static Tensor overwrite(
      String operation, Tensor self, Tensor product, Number beta, Number alpha) {
    boolean direct = product.dtype() == self.dtype() && self.dtype() != DType.BOOL;
    if (!direct || beta.doubleValue() == 0) {
      Tensor input = self.to(product.dtype());
      return Copy.into(operation, self, sum(operation, input, product, beta, alpha));
    }
    checkFactor(operation, "beta", self, beta);
    Tensor term = scaled(operation, "alpha", product, alpha);
    return (beta.doubleValue() == 1 ? self : self.mul_(beta)).add_(term);
  }
}
