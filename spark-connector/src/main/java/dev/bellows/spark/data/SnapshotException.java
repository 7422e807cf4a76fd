package dev.bellows.spark.data;

/**
 * Thrown if a DataFrame cannot become a snapshot, or a snapshot cannot be read; the message says
 * why.
 */
public final class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with the given message. */
  public SnapshotException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
