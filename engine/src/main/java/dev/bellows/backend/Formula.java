package dev.bellows.backend;

import dev.bellows.memory.DType;

/**
 * The function of a pointwise kernel for one kind of element type, floating point or whole numbers:
 * on the host, and as a CUDA C++ expression of {@code x} (and {@code y}) with the helpers of {@code
 * common.cu} and {@code special.cu}.
 *
 * @param cuda the expression; of type {@code C}, the type an element is computed with, or {@code
 *     double} if {@link Form#WIDE}
 * @param form how kernels compute it
 * @param function a function of doubles, or of longs; floating elements are widened to double,
 *     whole numbers and BOOL (0 and 1) to long, and results are narrowed to the element type
 */
public record Formula<F>(String cuda, Form form, F function) {
  /** How kernels compute a function. */
  public enum Form {
    /** In the type that elements are computed with, several elements at once. */
    FAST,
    /** In double, one element at a time: the function costs more than its memory. */
    WIDE,
    /** As FAST; reports a divisor of 0. */
    DIVISION
  }

  /** A function of a whole number of an element type. */
  public interface OfLong {
    /** The function of x. */
    long apply(long x, DType type);
  }

  /** A function of two whole numbers of an element type. */
  public interface OfLongs {
    /** The function of x and y. */
    long apply(long x, long y, DType type);
  }

  /** A condition on two floating point numbers. */
  interface DoubleCondition {
    boolean test(double x, double y);
  }

  /** A condition on two whole numbers. */
  interface LongCondition {
    boolean test(long x, long y);
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
