package dev.bellows.spark.data;

/** A DataFrame cannot become a snapshot, or a snapshot cannot be read; the message says why. */
public final class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem with its own message. */
  public SnapshotException(String message) {
    super(message);
  }

  /** A problem that another failure led to. */
  public SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
