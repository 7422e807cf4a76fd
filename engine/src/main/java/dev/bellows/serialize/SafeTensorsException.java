package dev.bellows.serialize;

import java.io.IOException;

/** Thrown if a file violates the safetensors format; the message says where and how. */
public final class SafeTensorsException extends IOException {
  private static final long serialVersionUID = 1L;

  SafeTensorsException(String message) {
    super(message);
  }

  SafeTensorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
