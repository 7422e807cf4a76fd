package dev.bellows.cli;

/** A failure whose message is all that the user needs; the command prints it and ends. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CliException(String message) {
    this(message, 1, null);
  }

  CliException(String message, Throwable cause) {
    this(message, 1, cause);
  }

  CliException(String message, int exitCode, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
