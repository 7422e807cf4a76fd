package dev.bellows.backend;

import dev.bellows.memory.DType;

/**
 * A row of the tables of pointwise kernels: an elementwise function with a formula for
 * floating-point element types, one for integers and BOOL, or both.
 *
 * @param <R> functions of doubles
 * @param <W> functions of longs
 */
public interface PointwiseOp<R, W> {
  /**
   * The formulas of a row.
   *
   * @param operation the name in errors, for example {@code unary EXP}
   * @param real the formula for floating-point element types; null if only integers are accepted
   * @param whole the formula for integers and BOOL; null if only floating-point types are accepted
   * @param logical whether the result is BOOL for all argument types
   */
  record Row<R, W>(String operation, Formula<R> real, Formula<W> whole, boolean logical) {}

  /** Returns the name of the constant, which is also the name of its CUDA kernel. */
  String name();

  /** Returns the formulas. */
  Row<R, W> row();

  /** Returns whether the result is {@code BOOL} for all argument types. */
  default boolean isLogical() {
    return row().logical();
  }

  /** Returns whether this is a function of integers and BOOL only. */
  default boolean isForIntegers() {
    return row().real() == null;
  }

  /** Returns whether this is a function of floating-point numbers only. */
  default boolean isForReals() {
    return row().whole() == null;
  }

  /**
   * Returns the formula for floating-point element types.
   *
   * @throws UnsupportedOperationException if only integers are accepted
   */
  default Formula<R> real() {
    if (isForIntegers()) {
      throw KernelErrors.integersOnly(row().operation());
    }
    return row().real();
  }

  /**
   * Returns the formula for integers and BOOL.
   *
   * @throws UnsupportedOperationException if only floating-point element types are accepted; naming
   *     {@code type}
   */
  default Formula<W> whole(DType type) {
    if (isForReals()) {
      throw KernelErrors.floatingOnly(row().operation(), type);
    }
    return row().whole();
  }
}
