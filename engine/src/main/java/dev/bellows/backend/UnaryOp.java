package dev.bellows.backend;

/** Elementwise functions of one argument. */
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
