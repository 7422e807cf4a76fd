package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.Evaluations;
import java.util.List;

/** Makes attempts the checkpoints of a run. */
@FunctionalInterface
public interface CheckpointCommits {
  /**
   * Makes an attempt a checkpoint, after all its parts have been written. May be called again after
   * storage failed.
   *
   * @param parts what each rank wrote, by rank
   * @param evaluations those up to this state
   * @throws dev.bellows.spark.BellowsException if training must not continue; any other exception
   *     means only that this state is not saved
   */
  void commit(long done, String attempt, List<CheckpointPart> parts, Evaluations evaluations);

  /**
   * Checks, after parts could not be written, that checkpoints can be written at all.
   *
   * @throws dev.bellows.spark.BellowsException if training must not continue
   */
  default void requireUsable() {}
}
