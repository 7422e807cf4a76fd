package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.Pointwise.row;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;

/** Operations on the bits of integers, and divisors of integers: rows of {@link Pointwise}. */
public final class Bitwise {
  /** Inverts the bits of integers, or BOOL. */
  public static final UnaryFunction BITWISE_NOT =
      row("bitwiseNot", UnaryOp.BITWISE_NOT, Accepted.BITS, UnaryFunction.Gradient.NONE);

  /** Computes the and of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_AND =
      row("bitwiseAnd", BinaryOp.BITWISE_AND, Accepted.BITS, NONE, NONE);

  /** Computes the or of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_OR =
      row("bitwiseOr", BinaryOp.BITWISE_OR, Accepted.BITS, NONE, NONE);

  /** Computes the exclusive or of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_XOR =
      row("bitwiseXor", BinaryOp.BITWISE_XOR, Accepted.BITS, NONE, NONE);

  /** Shifts integers left by other bits. */
  public static final BinaryFunction SHIFT_LEFT =
      row("bitwiseLeftShift", BinaryOp.SHIFT_LEFT, Accepted.INTEGERS, NONE, NONE);

  /** Shifts integers right by other bits and keeps the sign. */
  public static final BinaryFunction SHIFT_RIGHT =
      row("bitwiseRightShift", BinaryOp.SHIFT_RIGHT, Accepted.INTEGERS, NONE, NONE);

  /** Computes the greatest common divisor of integers. */
  @Forms(number = false)
  public static final BinaryFunction GCD = row("gcd", BinaryOp.GCD, Accepted.INTEGERS, NONE, NONE);

  /** Computes the least common multiple of integers. */
  @Forms(number = false)
  public static final BinaryFunction LCM = row("lcm", BinaryOp.LCM, Accepted.INTEGERS, NONE, NONE);

  private Bitwise() {}
}
