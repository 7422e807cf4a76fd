package dev.bellows.spark.checkpoint;

/** Names and removes attempts to write checkpoints. */
public interface CheckpointAttempts {
  /**
   * Names a new attempt to write the checkpoint of the state after {@code done} steps. Must return
   * quickly: touches no storage and waits for no commit.
   */
  String begin(long done);

  /** Gives up an attempt and removes its files. */
  void abandon(String attempt);
}
