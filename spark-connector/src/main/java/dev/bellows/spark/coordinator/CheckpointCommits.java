package dev.bellows.spark.coordinator;

import java.util.List;

/** Where the coordinator keeps checkpoints. Called by one thread at a time. */
public interface CheckpointCommits {
  /** Names a new attempt to write the checkpoint of the state after {@code done} steps. */
  String begin(long done);

  /**
   * Makes an attempt a checkpoint, after all its parts have been written.
   *
   * @param receipts what each rank's write answered, by rank
   */
  void commit(long done, String attempt, List<byte[]> receipts);
}
