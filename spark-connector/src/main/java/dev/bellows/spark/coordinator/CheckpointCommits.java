package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import java.util.List;

/** Where the coordinator keeps checkpoints. {@code begin} may be called while another runs. */
public interface CheckpointCommits {
  /**
   * Names a new attempt to write the checkpoint of the state after {@code done} steps. Must be
   * quick: touches no storage.
   */
  String begin(long done);

  /**
   * Makes an attempt a checkpoint, after all its parts have been written. May be called again where
   * storage failed.
   *
   * @param parts what each rank wrote, by rank
   * @throws dev.bellows.spark.BellowsException if training must not go on; what else is thrown only
   *     means that this one is not saved
   */
  void commit(long done, String attempt, List<CheckpointPart> parts);

  /** Gives an attempt up that will never be whole, and removes what there is of it. */
  void abandon(String attempt);

  /**
   * Checks, after parts could not be written, that there will be checkpoints at all.
   *
   * @throws dev.bellows.spark.BellowsException if training must not go on
   */
  default void requireUsable() {}
}
