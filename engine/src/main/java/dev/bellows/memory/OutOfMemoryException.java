package dev.bellows.memory;

/**
 * Tensor memory is used up; the message says how much was asked for, in use, cached and allowed.
 */
public final class OutOfMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes the whole message. */
  public OutOfMemoryException(String message) {
    super(message);
  }
}
