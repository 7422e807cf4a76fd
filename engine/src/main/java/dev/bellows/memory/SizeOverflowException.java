package dev.bellows.memory;

/** Thrown if the product of sizes, or the number of bytes, exceeds a long. */
public final class SizeOverflowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  SizeOverflowException(String message) {
    super(message);
  }

  /** Returns the same exception with the operation in its message. */
  public SizeOverflowException in(String operation) {
    SizeOverflowException named = new SizeOverflowException(operation + ": " + getMessage());
    named.setStackTrace(getStackTrace());
    return named;
  }
}
