package dev.bellows.memory;

/** Sizes whose product, or the bytes that it takes, is more than a long holds. */
public final class SizeOverflowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  SizeOverflowException(String message) {
    super(message);
  }

  /** The same, said of an operation. */
  public SizeOverflowException in(String operation) {
    SizeOverflowException named = new SizeOverflowException(operation + ": " + getMessage());
    named.setStackTrace(getStackTrace());
    return named;
  }
}
