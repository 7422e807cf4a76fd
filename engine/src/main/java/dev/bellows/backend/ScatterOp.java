package dev.bellows.backend;

/** What becomes of an element that another one is scattered to; NaN wins in MAX and MIN. */
public enum ScatterOp {
  SET,
  ADD,
  MUL,
  MAX,
  MIN
}
