package dev.bellows.serialize;

import java.io.IOException;

/**
 * Thrown if a PyTorch file is damaged or holds what is not read; the message says what and where.
 */
public final class TorchFileException extends IOException {
  private static final long serialVersionUID = 1L;

  TorchFileException(String message) {
    super("torch file: " + message);
  }

  TorchFileException(String message, Throwable cause) {
    super("torch file: " + message, cause);
  }
}
