package dev.bellows.backend.cuda;

/** A call of a CUDA library failed; the message names the call, the status and what to do. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Takes the whole message. */
  public CudaException(String message) {
    super(message);
  }

  /** Takes the whole message and what led to it. */
  public CudaException(String message, Throwable cause) {
    super(message, cause);
  }
}
