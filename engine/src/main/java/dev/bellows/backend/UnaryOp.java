package dev.bellows.backend;

/**
 * Elementwise functions of one argument. SIGN of NaN is 0, as in PyTorch; RELU keeps NaN; ROUND
 * takes halves to the even neighbour. Integers have NEG, ABS, SIGN, RECIPROCAL (truncated), RELU,
 * LOGICAL_NOT and BITWISE_NOT only, and of all functions BITWISE_NOT alone is for them alone.
 */
public enum UnaryOp {
  NEG,
  ABS,
  SIGN,
  EXP,
  LOG,
  SQRT,
  RECIPROCAL,
  TANH,
  SIGMOID,
  RELU,
  SIN,
  COS,
  LOGICAL_NOT,
  BITWISE_NOT,
  FLOOR,
  CEIL,
  ROUND,
  TRUNC,
  RSQRT,
  EXP2,
  EXPM1,
  LOG2,
  LOG10,
  LOG1P,
  TAN,
  ASIN,
  ACOS,
  ATAN,
  SINH,
  COSH,
  ASINH,
  ACOSH,
  ATANH,
  ERF,
  ERFC,
  ERFINV,
  LGAMMA,
  DIGAMMA,
  TRIGAMMA;

  /** Whether it is a function of whole numbers and truth values only. */
  public boolean isForIntegers() {
    return this == BITWISE_NOT;
  }
}
