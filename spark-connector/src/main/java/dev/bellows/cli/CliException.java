package dev.bellows.cli;

import java.nio.file.Path;

/** A failure whose message is all that the user needs; the command prints it and ends. */
final class CliException extends RuntimeException {
  /** Exit code after SIGINT, as shells count. */
  static final int INTERRUPTED = 130;

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final transient Path log;

  CliException(String message) {
    this(message, 1, null, null);
  }

  /** A failure about which a log tells more. */
  CliException(String message, Path log) {
    this(message, 1, null, log);
  }

  CliException(String message, Throwable cause) {
    this(message, 1, cause, null);
  }

  private CliException(String message, int exitCode, Throwable cause, Path log) {
    super(message, cause);
    this.exitCode = exitCode;
    this.log = log;
  }

  /** The user, or the system, ended the command while it waited. */
  static CliException interrupted(String doing, InterruptedException cause) {
    return new CliException(doing + ": interrupted", INTERRUPTED, cause, null);
  }

  /** What to add to a message: {@code ; see LOG}, or nothing. */
  String seeLog() {
    return log == null ? "" : "; see " + Layout.shown(log);
  }

  int exitCode() {
    return exitCode;
  }
}
