package dev.bellows.backend;

import dev.bellows.memory.DType;

/**
 * The function of a pointwise kernel for floating-point or for integer element types: on the host,
 * and as a CUDA C++ expression of {@code x} (and {@code y}) with the helpers of {@code common.cu}
 * and {@code special.cu}.
 *
 * @param cuda the expression; of type {@code C}, the arithmetic type of an element, or {@code
 *     double} if {@link Form#WIDE}
 * @param form how kernels compute it
 * @param function a function of doubles, or of longs; floating elements are widened to double,
 *     integers and BOOL (0 and 1) to long, and results are narrowed to the element type
 */
public record Formula<F>(String cuda, Form form, F function) {
  /** How kernels compute a function. */
  public enum Form {
    /** In the arithmetic type of the elements, several elements at once. */
    FAST,
    /** In double, one element at a time; for functions whose cost exceeds that of memory access. */
    WIDE,
    /** Like FAST; reports a divisor of 0. */
    DIVISION
  }

  /** A function of an integer of an element type. */
  public interface OfLong {
    /** Computes the function of x. */
    long apply(long x, DType type);
  }

  /** A function of two integers of an element type. */
  public interface OfLongs {
    /** Computes the function of x and y. */
    long apply(long x, long y, DType type);
  }

  /** A condition on two floating-point numbers. */
  interface DoubleCondition {
    boolean test(double x, double y);
  }

  static <F> Formula<F> fast(String cuda, F function) {
    return new Formula<>(cuda, Form.FAST, function);
  }

  static <F> Formula<F> wide(String cuda, F function) {
    return new Formula<>(cuda, Form.WIDE, function);
  }

  static <F> Formula<F> division(String cuda, F function) {
    return new Formula<>(cuda, Form.DIVISION, function);
  }
}
