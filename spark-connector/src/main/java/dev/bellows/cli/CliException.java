package dev.bellows.cli;

import java.nio.file.Path;

/** A failure that its message explains to the user completely; the command prints it and exits. */
final class CliException extends RuntimeException {
  /** Exit code after SIGINT, by shell convention. */
  static final int INTERRUPTED = 130;

  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final transient Path log;

  CliException(String message) {
    this(message, 1, null, null);
  }

  /** Creates a failure with a log file that has more details. */
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

  /** Returns the failure of a command that was interrupted while it waited. */
  static CliException interrupted(String doing, InterruptedException cause) {
    return new CliException(doing + ": interrupted", INTERRUPTED, cause, null);
  }

  /** Returns the suffix of the message: {@code ; see LOG}, or an empty text. */
  String seeLog() {
    return log == null ? "" : "; see " + Installation.shown(log);
  }

  int exitCode() {
    return exitCode;
  }
}
