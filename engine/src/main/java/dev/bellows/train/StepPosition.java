package dev.bellows.train;

/**
 * Where a {@link TrainLoop} is in a step; after an exception, where it came from.
 *
 * @param code whose code runs
 * @param step number of the step, from 0
 * @param shard number of the logical shard; -1 between shards
 * @param shards logical shards of a step
 * @param rows numbers of the shard's rows in the data
 */
public record StepPosition(Code code, long step, int shard, int shards, long[] rows) {
  /** Whose code runs. */
  public enum Code {
    /** The loss function, and with it the model's forward. */
    LOSS,
    /** The backward pass, with the user's functions and hooks. */
    BACKWARD,
    /** The loop's own: data, exchange of gradients, optimizer. */
    LOOP
  }

  private static final int MOST_ROWS = 8;

  StepPosition in(Code next) {
    return new StepPosition(next, step, shard, shards, rows);
  }

  /**
   * Describes the position for messages: {@code step 3, shard 2 of 4}, and without a shard the step
   * alone.
   */
  public String describe() {
    return "step " + step + (shard < 0 ? "" : ", shard " + shard + " of " + shards);
  }

  /**
   * Describes row numbers for messages: {@code row 5}, {@code rows 8 to 15} if they are
   * consecutive, else the first 8 of them and their number.
   */
  public static String describeRows(long... rows) {
    int count = rows.length;
    if (count == 1) {
      return "row " + rows[0];
    }
    if (count > 2 && areConsecutive(rows)) {
      return "rows " + rows[0] + " to " + rows[count - 1];
    }
    StringBuilder text = new StringBuilder(count == 0 ? "no rows" : "rows ");
    for (int i = 0; i < Math.min(count, MOST_ROWS); i++) {
      text.append(i == 0 ? "" : ", ").append(rows[i]);
    }
    return count <= MOST_ROWS
        ? text.toString()
        : text + " and " + (count - MOST_ROWS) + (count - MOST_ROWS == 1 ? " other" : " others");
  }

  private static boolean areConsecutive(long... rows) {
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != rows[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }
}
