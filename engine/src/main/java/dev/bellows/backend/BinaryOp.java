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
  /** {@code b} where {@code a > 0}, else 0: the gradient of ReLU from its output or input. */
  RELU_GRAD(false),
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

  /** Whether the result is {@code BOOL} whatever the arguments are. */
  public boolean isLogical() {
    return logical;
  }
}
