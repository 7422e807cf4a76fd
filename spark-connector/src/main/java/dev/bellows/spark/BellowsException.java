package dev.bellows.spark;

import dev.bellows.errors.TrainingException;

/** Thrown if a training job fails. Callers decide by {@link #category()}, never by the text. */
public final class BellowsException extends TrainingException {
  private static final long serialVersionUID = 2L;

  /** Creates an exception without a cause. */
  public BellowsException(Category category, String message) {
    super(category, message);
  }

  /** Creates an exception with a cause, which may be null. */
  public BellowsException(Category category, String message, Throwable cause) {
    super(category, message, cause);
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
