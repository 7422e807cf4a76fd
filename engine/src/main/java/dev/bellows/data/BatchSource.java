package dev.bellows.data;

/**
 * Rows with random access. A row is identified by its number, which is stable while the source is
 * used; the train loop decides the order in which rows are visited, and gathers rows in a thread of
 * its own while a step runs.
 */
public interface BatchSource {
  /** Returns the number of rows. */
  long rows();

  /**
   * Returns the rows of the given numbers, in the given order, stacked along dimension 0. The
   * caller owns the batch's tensors.
   *
   * @param rowNumbers each in [0, {@link #rows()}); repeats are allowed; an empty array gives an
   *     empty batch
   * @throws IllegalArgumentException if a number is out of range, naming it and its position
   */
  Batch gather(long[] rowNumbers);
}
