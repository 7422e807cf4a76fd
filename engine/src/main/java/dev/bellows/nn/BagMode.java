package dev.bellows.nn;

/** How {@link Functional#embeddingBag} joins the rows of a bag. */
public enum BagMode {
  /** Their sum. */
  SUM,
  /** Their mean. */
  MEAN,
  /** The largest of each column. */
  MAX
}
