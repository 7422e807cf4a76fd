package dev.bellows.spark;

/** A training job failed. Callers decide by {@link #category()}, never by the text. */
public final class BellowsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Category category;

  /** What a caller can do about it. */
  public enum Category {
    /** The job, its data or its settings are wrong: it fails the same way again. */
    USER,
    /** A machine or the network failed: the job may run again. */
    RETRYABLE,
    /** Ranks or bytes can no longer be trusted: the job must stop. */
    FATAL
  }

  /** An error without a cause. */
  public BellowsException(Category category, String message) {
    this(category, message, null);
  }

  /** An error that follows from {@code cause}, which may be null. */
  public BellowsException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  /** What a caller can do about it. */
  public Category category() {
    return category;
  }

  /** The caller's mistake. */
  public static BellowsException user(String message) {
    return new BellowsException(Category.USER, message);
  }

  /** A failure that may go away. */
  public static BellowsException retryable(String message) {
    return new BellowsException(Category.RETRYABLE, message);
  }

  /** A failure after which nothing can be trusted. */
  public static BellowsException fatal(String message) {
    return new BellowsException(Category.FATAL, message);
  }
}
