package dev.bellows.data;

/**
 * Rows that can be had in any order. A row is known by its number, which stays the same for as long
 * as the source is used; the order in which a run visits rows belongs to the train loop.
 */
public interface BatchSource {
  /** Number of rows. */
  long rows();

  /**
   * The rows of the given numbers, in the given order, stacked along dimension 0. The caller owns
   * the batch's tensors.
   *
   * @param rowNumbers each in [0, {@link #rows()}); a number may come twice; none gives a batch of
   *     no rows
   * @throws IllegalArgumentException if a number is outside, naming it and its position
   */
  Batch gather(long[] rowNumbers);
}
