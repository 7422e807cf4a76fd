package dev.bellows.memory;

import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPLogger;

/**
 * Warnings that users must see: they go to the logger where there is one, else, in a project
 * without an SLF4J provider, to the standard error stream, as PyTorch's do. Who warns sees to it
 * that each is said once.
 */
public final class Warnings {
  private Warnings() {}

  /** Warns in a message whose {@code {}} are replaced by arguments. */
  public static void warn(Logger log, String format, Object... arguments) {
    if (log instanceof NOPLogger) {
      System.err.println(
          "bellows: warning: " + MessageFormatter.arrayFormat(format, arguments).getMessage());
    } else {
      log.warn(format, arguments);
    }
  }
}
