package dev.bellows.nn;

/** What a loss makes of its values for the rows of a batch. */
public enum Reduction {
  /** One value for each row. */
  NONE,
  /** Their mean. */
  MEAN,
  /** Their sum. */
  SUM
}
