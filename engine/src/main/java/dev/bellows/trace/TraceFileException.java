package dev.bellows.trace;

import java.io.IOException;

/** Thrown if a file holds no graph that {@link Trace#load} can run; the message says where. */
public final class TraceFileException extends IOException {
  private static final long serialVersionUID = 1L;

  TraceFileException(String message) {
    super(message);
  }

  TraceFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
