package dev.bellows.errors;

/** Thrown if training fails. Callers decide by {@link #category()}, never by the text. */
public class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Category category;

  /** How a caller can react. */
  public enum Category {
    /** The model, the data or the settings are wrong: it will fail again in the same way. */
    USER,
    /** A machine, a peer or the network failed: it may run again. */
    RETRYABLE,
    /** Ranks or data can no longer be trusted: the job must stop. */
    FATAL
  }

  /** Creates an exception without a cause. */
  public TrainingException(Category category, String message) {
    this(category, message, null);
  }

  /** Creates an exception with a cause, which may be null. */
  public TrainingException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  /** Returns how a caller can react. */
  public final Category category() {
    return category;
  }
}
