package dev.bellows.comm;

/** A failed collective or connection. Callers decide by {@link #category()}, never by the text. */
public final class CommException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Category category;

  /** What a caller can do about it. */
  public enum Category {
    /** A peer or the network failed: the step may run again with a new group. */
    RETRYABLE,
    /** Ranks or bytes can no longer be trusted: the job must stop. */
    FATAL,
    /** The caller passed something wrong; nothing was started. */
    USER
  }

  /** An error without a cause. */
  public CommException(Category category, String message) {
    this(category, message, null);
  }

  /** An error that follows from {@code cause}, which may be null. */
  public CommException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  /** What a caller can do about it. */
  public Category category() {
    return category;
  }

  /** The failure of something that {@code first} ended: same category, "aborted: " and its text. */
  public static CommException aborted(CommException first) {
    var message = first.getMessage();
    return new CommException(
        first.category, message.startsWith("aborted: ") ? message : "aborted: " + message, first);
  }

  /** A peer or the network failed. */
  public static CommException retryable(String message) {
    return new CommException(Category.RETRYABLE, message);
  }

  /** Ranks or bytes can no longer be trusted. */
  public static CommException fatal(String message) {
    return new CommException(Category.FATAL, message);
  }

  /** The caller passed something wrong. */
  public static CommException user(String message) {
    return new CommException(Category.USER, message);
  }
}
