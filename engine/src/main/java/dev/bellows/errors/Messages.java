package dev.bellows.errors;

import org.slf4j.helpers.MessageFormatter;

/** Formats the messages of errors: <i>operation: rule; what came</i>. */
public final class Messages {
  private Messages() {}

  /**
   * Replaces each <code>{}</code> of a pattern by an argument, as SLF4J does; arrays are printed as
   * {@code [2, 3]}.
   */
  public static String message(String pattern, Object... arguments) {
    return MessageFormatter.arrayFormat(pattern, arguments).getMessage();
  }
}
