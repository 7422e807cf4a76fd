package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;

import dev.bellows.spark.data.StorageFiles;

/** Thrown if a checkpoint cannot be written, committed, read or used; the message says why. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception without a cause. */
  public CheckpointException(String message) {
    super(message);
  }

  /** Creates an exception with a cause. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Creates an exception for a rule that could not be kept because of {@code cause}. */
  static CheckpointException because(String rule, Throwable cause) {
    return new CheckpointException(
        message("checkpoint: %s: %s", rule, StorageFiles.reason(cause)), cause);
  }
}
