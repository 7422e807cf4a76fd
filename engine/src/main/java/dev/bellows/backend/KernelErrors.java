package dev.bellows.backend;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;

/** Errors of all devices' kernels about elements and types that they do not accept. */
public final class KernelErrors {
  private KernelErrors() {}

  /** Returns the exception for an index outside a dimension. */
  public static IndexOutOfBoundsException index(String operation, long index, int dim, long size) {
    return new IndexOutOfBoundsException(
        message(
            "%s: index must be in [0, %s), the size of dimension %s; got %s",
            operation, size, dim, index));
  }

  /**
   * Checks the divisor of an integer division.
   *
   * @throws ArithmeticException if it is 0
   */
  static void checkDivisor(String operation, long dividend, long divisor) {
    if (divisor == 0) {
      throw divisor(operation, dividend);
    }
  }

  /** Returns the exception for an integer divided by 0. */
  public static ArithmeticException divisor(String operation, long dividend) {
    return new ArithmeticException(
        message("%s: integer divisor must not be 0; got %s / 0", operation, dividend));
  }

  /** Returns the exception for a function of integers and BOOL only. */
  public static UnsupportedOperationException integersOnly(String operation) {
    return new UnsupportedOperationException(
        operation + ": elements must be integers or BOOL; got floating point");
  }

  /** Returns the exception for a function of floating-point types only. */
  public static UnsupportedOperationException floatingOnly(String operation, DType type) {
    return new UnsupportedOperationException(
        message("%s: element type must be FLOAT32 or FLOAT64; got %s", operation, type));
  }
}
