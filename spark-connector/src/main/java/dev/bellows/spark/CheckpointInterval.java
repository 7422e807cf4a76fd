package dev.bellows.spark;

import java.io.Serializable;

/**
 * Interval between checkpoints. The state after the last step is always written.
 *
 * @param count number of units
 * @param epochs whether the unit is an epoch, else a step
 */
public record CheckpointInterval(long count, boolean epochs) implements Serializable {
  /** Returns an interval of {@code n} steps. */
  public static CheckpointInterval everySteps(long n) {
    return new CheckpointInterval(n, false);
  }

  /** Returns an interval of {@code n} epochs. */
  public static CheckpointInterval everyEpochs(long n) {
    return new CheckpointInterval(n, true);
  }

  long steps(long stepsPerEpoch) {
    return epochs ? Math.multiplyExact(count, stepsPerEpoch) : count;
  }
}
