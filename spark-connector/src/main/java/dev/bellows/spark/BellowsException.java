package dev.bellows.spark;

/** Thrown if a training job fails. Callers decide by {@link #category()}, never by the text. */
public final class BellowsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Category category;

  /** How a caller can react. */
  public enum Category {
    /** The job, its data or its settings are wrong: it will fail again in the same way. */
    USER,
    /** A machine or the network failed: the job may be retried. */
    RETRYABLE,
    /** Ranks or data can no longer be trusted: the job must stop. */
    FATAL
  }

  /** Creates an exception without a cause. */
  public BellowsException(Category category, String message) {
    this(category, message, null);
  }

  /** Creates an exception with a cause, which may be null. */
  public BellowsException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  /** Returns how a caller can react. */
  public Category category() {
    return category;
  }

  /** Creates an exception for a mistake of the caller. */
  public static BellowsException user(String message) {
    return new BellowsException(Category.USER, message);
  }

  /** Creates an exception for a failure that may be temporary. */
  public static BellowsException retryable(String message) {
    return new BellowsException(Category.RETRYABLE, message);
  }

  /** Creates an exception for a failure after which no state can be trusted. */
  public static BellowsException fatal(String message) {
    return new BellowsException(Category.FATAL, message);
  }
}
