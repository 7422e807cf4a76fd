package dev.bellows.comm;

import dev.bellows.errors.TrainingException;

/** Thrown if a collective or a connection between ranks fails. */
public final class CommException extends TrainingException {
  private static final long serialVersionUID = 2L;

  /** Creates an exception without a cause. */
  public CommException(Category category, String message) {
    super(category, message);
  }

  /** Creates an exception with a cause, which may be null. */
  public CommException(Category category, String message, Throwable cause) {
    super(category, message, cause);
  }

  /** Creates the failure of what {@code first} ended: same category, "aborted: " and its text. */
  public static CommException aborted(CommException first) {
    var message = first.getMessage();
    return new CommException(
        first.category(), message.startsWith("aborted: ") ? message : "aborted: " + message, first);
  }

  /** Creates an exception for a peer or a network that failed. */
  public static CommException retryable(String message) {
    return new CommException(Category.RETRYABLE, message);
  }

  /** Creates an exception for ranks or bytes that can no longer be trusted. */
  public static CommException fatal(String message) {
    return new CommException(Category.FATAL, message);
  }

  /** Creates an exception for a mistake of the caller; nothing was started. */
  public static CommException user(String message) {
    return new CommException(Category.USER, message);
  }
}
