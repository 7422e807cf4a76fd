package dev.bellows.backend;

/**
 * How a scattered element is combined with the one it is scattered to; NaN propagates in MAX and
 * MIN.
 */
public enum ScatterOp {
  SET,
  ADD,
  MUL,
  MAX,
  MIN
}
