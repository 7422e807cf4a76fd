package dev.bellows.comm;

/** How a reduction combines its leaves, element by element. */
public enum ReduceKind {
  /** The sum in the order of the tree, one rounding for each addition; INT64 wraps around. */
  SUM,
  /**
   * The tree sum divided once by the number of leaves, converted to the element type: two roundings
   * at most after the last addition, the same bits on every rank. Not for INT64.
   */
  MEAN,
  /**
   * The largest value: NaN if any leaf is NaN, and +0 is larger than −0, as in {@link
   * Math#max(float, float)}. Does not depend on any order.
   */
  MAX
}
