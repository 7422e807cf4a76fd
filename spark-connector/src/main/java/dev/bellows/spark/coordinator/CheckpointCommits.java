package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import java.util.List;

/** Commits the checkpoints of a run. {@code begin} may be called while another method runs. */
public interface CheckpointCommits {
  /**
   * Names a new attempt to write the checkpoint of the state after {@code done} steps. Must be
   * quick: touches no storage.
   */
  String begin(long done);

  /**
   * Makes an attempt a checkpoint, after all its parts have been written. May be called again after
   * storage failed.
   *
   * @param parts what each rank wrote, by rank
   * @throws dev.bellows.spark.BellowsException if training must not continue; any other exception
   *     means only that this state is not saved
   */
  void commit(long done, String attempt, List<CheckpointPart> parts);

  /** Gives up an attempt and removes its files. */
  void abandon(String attempt);

  /**
   * Checks, after parts could not be written, that checkpoints can be written at all.
   *
   * @throws dev.bellows.spark.BellowsException if training must not continue
   */
  default void requireUsable() {}
}
