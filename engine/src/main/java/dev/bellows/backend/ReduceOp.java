package dev.bellows.backend;

/** Reductions to one value; {@code NaN} propagates in MAX and MIN. */
public enum ReduceOp {
  SUM,
  PROD,
  MAX,
  MIN,
  ANY,
  ALL
}
