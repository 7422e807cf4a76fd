package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import java.util.List;

/** Where the coordinator keeps checkpoints. Called by one thread at a time. */
public interface CheckpointCommits {
  /** Names a new attempt to write the checkpoint of the state after {@code done} steps. */
  String begin(long done);

  /**
   * Makes an attempt a checkpoint, after all its parts have been written.
   *
   * @param parts what each rank wrote, by rank
   */
  void commit(long done, String attempt, List<CheckpointPart> parts);
}
