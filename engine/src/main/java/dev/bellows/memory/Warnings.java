package dev.bellows.memory;

import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPLogger;

/**
 * Emits warnings that users must see: to the logger if there is one, otherwise (in a project
 * without an SLF4J provider) to the standard error stream, as PyTorch does. Callers ensure that
 * each warning is emitted once.
 */
public final class Warnings {
  private Warnings() {}

  /** Emits a warning whose {@code {}} are replaced by the arguments. */
  public static void warn(Logger log, String format, Object... arguments) {
    if (log instanceof NOPLogger) {
      System.err.println(
          "bellows: warning: " + MessageFormatter.arrayFormat(format, arguments).getMessage());
    } else {
      log.warn(format, arguments);
    }
  }
}
