package dev.bellows.memory;

/**
 * Thrown if tensor memory is exhausted; the message gives the bytes requested, in use, cached and
 * allowed.
 */
public final class OutOfMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with the complete message. */
  public OutOfMemoryException(String message) {
    super(message);
  }
}
