package dev.bellows.spark.checkpoint;

/** A checkpoint cannot be written, committed, read or used; the message says which and why. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem with its own message. */
  public CheckpointException(String message) {
    super(message);
  }

  /** A problem that another failure led to. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
