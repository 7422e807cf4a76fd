package dev.bellows.nn;

/** How a loss reduces the values of a batch's rows. */
public enum Reduction {
  /** No reduction: one value per row. */
  NONE,
  /** The mean of the values. */
  MEAN,
  /** The sum of the values. */
  SUM,
  /** The sum of the values divided by the batch size; of {@link Functional#klDiv} only. */
  BATCH_MEAN
}
