package dev.bellows.backend.cuda;

/**
 * Thrown if a call of a CUDA library fails; the message names the call, the status and a remedy.
 */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates an exception with the complete message. */
  public CudaException(String message) {
    super(message);
  }

  /** Creates an exception with the complete message and a cause. */
  public CudaException(String message, Throwable cause) {
    super(message, cause);
  }
}
