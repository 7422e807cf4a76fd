package dev.bellows.backend;

/**
 * Elementwise functions of two arguments; comparisons and logic give {@code BOOL}. NaN wins in
 * MAXIMUM and MINIMUM. On integers everything wraps around, DIV truncates and throws an {@link
 * ArithmeticException} for a divisor of 0, and POW is exact (a negative power is 0 unless the base
 * is 1 or −1).
 */
public enum BinaryOp {
  ADD(false),
  SUB(false),
  MUL(false),
  DIV(false),
  POW(false),
  MAXIMUM(false),
  MINIMUM(false),
  /** 0 where {@code a <= 0}, else {@code b}: the gradient of ReLU from its output or input. */
  RELU_GRAD(false),
  /** The angle of the point (b, a). */
  ATAN2(false),
  HYPOT(false),
  /** The remainder of the quotient rounded to 0: it has the sign of a. */
  FMOD(false),
  /** The remainder of the quotient rounded down: it has the sign of b. */
  REMAINDER(false),
  /** The quotient rounded down. */
  FLOOR_DIVIDE(false),
  /** The quotient rounded to 0. */
  TRUNC_DIVIDE(false),
  /** |a| with the sign of b. */
  COPYSIGN(false),
  /** The larger, the number where one is NaN. */
  FMAX(false),
  /** The smaller, the number where one is NaN. */
  FMIN(false),
  /** a · ln b, 0 where a is 0 unless b is NaN. */
  XLOGY(false),
  /** ln(eᵃ + eᵇ). */
  LOG_ADD_EXP(false),
  /** log₂(2ᵃ + 2ᵇ). */
  LOG_ADD_EXP2(false),
  /** 0, b or 1 where a is negative, 0 or positive. */
  HEAVISIDE(false),
  /** Integers only, as all below to LCM. */
  BITWISE_AND(false),
  BITWISE_OR(false),
  BITWISE_XOR(false),
  /** 0 where b is negative or no less than the number of bits. */
  SHIFT_LEFT(false),
  /** Keeps the sign; all sign where b is negative or no less than the number of bits. */
  SHIFT_RIGHT(false),
  GCD(false),
  LCM(false),
  EQ(true),
  NE(true),
  LT(true),
  LE(true),
  GT(true),
  GE(true),
  LOGICAL_AND(true),
  LOGICAL_OR(true),
  LOGICAL_XOR(true);

  private final boolean logical;

  BinaryOp(boolean logical) {
    this.logical = logical;
  }

  /** Whether it is a function of whole numbers and truth values only. */
  public boolean isForIntegers() {
    return compareTo(BITWISE_AND) >= 0 && compareTo(LCM) <= 0;
  }

  /** Whether the result is {@code BOOL} whatever the arguments are. */
  public boolean isLogical() {
    return logical;
  }
}
