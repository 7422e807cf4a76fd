package dev.bellows.errors;

import java.util.Arrays;
import java.util.IllegalFormatException;
import java.util.Locale;

/** Formats the messages of errors: <i>operation: rule; what came</i>. */
public final class Messages {
  private Messages() {}

  /**
   * Replaces each {@code %s} of a pattern by an argument, as {@link String#format} does; arrays are
   * printed as {@code [2, 3]}. A pattern that does not fit its arguments is printed beside them,
   * since a message must not hide the error that it describes.
   */
  public static String message(String pattern, Object... arguments) {
    Object[] printed = Arrays.stream(arguments).map(Messages::text).toArray();
    try {
      return String.format(Locale.ROOT, pattern, printed);
    } catch (IllegalFormatException e) {
      return pattern + " " + Arrays.toString(printed);
    }
  }

  private static Object text(Object argument) {
    if (argument == null || !argument.getClass().isArray()) {
      return argument;
    }
    String nested = Arrays.deepToString(new Object[] {argument});
    return nested.substring(1, nested.length() - 1);
  }
}
