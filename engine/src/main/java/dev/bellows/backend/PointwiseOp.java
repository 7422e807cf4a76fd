package dev.bellows.backend;

import dev.bellows.memory.DType;

/**
 * A row of the tables of pointwise kernels: an elementwise function with a formula for floating
 * element types, one for whole numbers and BOOL, or both.
 *
 * @param <R> functions of doubles
 * @param <W> functions of longs
 */
public interface PointwiseOp<R, W> {
  /**
   * The formulas of a row.
   *
   * @param operation the name in errors, as {@code unary EXP}
   * @param real the formula for floating element types; null if it takes whole numbers only
   * @param whole the formula for whole numbers and BOOL; null if it takes floating types only
   * @param logical whether the result is BOOL whatever the arguments are
   */
  record Row<R, W>(String operation, Formula<R> real, Formula<W> whole, boolean logical) {}

  /** The name of the constant, and of its CUDA kernel. */
  String name();

  /** The formulas. */
  Row<R, W> row();

  /** Whether the result is {@code BOOL} whatever the arguments are. */
  default boolean isLogical() {
    return row().logical();
  }

  /** Whether it is a function of whole numbers and BOOL only. */
  default boolean isForIntegers() {
    return row().real() == null;
  }

  /** Whether it is a function of floating point numbers only. */
  default boolean isForReals() {
    return row().whole() == null;
  }

  /**
   * The formula for floating element types.
   *
   * @throws UnsupportedOperationException if it takes whole numbers only
   */
  default Formula<R> real() {
    if (isForIntegers()) {
      throw KernelErrors.integersOnly(row().operation());
    }
    return row().real();
  }

  /**
   * The formula for whole numbers and BOOL.
   *
   * @throws UnsupportedOperationException if it takes floating element types only; naming {@code
   *     type}
   */
  default Formula<W> whole(DType type) {
    if (isForReals()) {
      throw KernelErrors.floatingOnly(row().operation(), type);
    }
    return row().whole();
  }
}
