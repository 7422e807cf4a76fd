package dev.bellows.backend;

/**
 * Elementwise functions of one argument. SIGN of NaN is 0, as in PyTorch; RELU keeps NaN. Integers
 * have NEG, ABS, SIGN, RECIPROCAL (truncated), RELU and LOGICAL_NOT only.
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
  LOGICAL_NOT
}
