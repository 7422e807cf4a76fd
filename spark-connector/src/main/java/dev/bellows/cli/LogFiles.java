package dev.bellows.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds the line of a log that explains a failure. */
final class LogFiles {
  // Some versions of Maven write a reset code even when told not to use colours.
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");

  // Matches "Caused by: a.b.C: why", or the start of an exception's own text.
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "^(Caused by: |Exception in thread \"[^\"]*\""
              + " )?([a-z]\\w*\\.)+[A-Z]\\w*(Exception|Error)\\b");
  private static final Pattern ERROR = Pattern.compile("^Error: |\\bERROR\\b");

  private LogFiles() {}

  static Optional<String> firstStarting(Path log, String prefix) {
    return find(log, line -> line.startsWith(prefix), true);
  }

  static Optional<String> lastStarting(Path log, String prefix) {
    return find(log, line -> line.startsWith(prefix), false);
  }

  static boolean contains(Path log, String text) {
    return find(log, line -> line.contains(text), true).isPresent();
  }

  /**
   * Returns the cause of a program's failure from its log: the last exception or its first cause,
   * else the last error, else the last line; preceded by a colon, or empty.
   */
  static String cause(Path log) {
    return find(log, line -> EXCEPTION.matcher(line).find(), false)
        .or(() -> find(log, line -> ERROR.matcher(line).find(), false))
        .or(() -> find(log, line -> !line.isBlank(), false))
        .map(line -> ": " + line.strip())
        .orElse("");
  }

  private static Optional<String> find(Path log, Predicate<String> wanted, boolean first) {
    Optional<String> found = Optional.empty();
    // A stream reader replaces invalid UTF-8; Files.readAllLines would fail on the whole file.
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String text = COLOUR.matcher(line).replaceAll("");
        if (wanted.test(text)) {
          found = Optional.of(text);
          if (first) {
            return found;
          }
        }
      }
    } catch (IOException e) {
      return found; // without a log there is no cause
    }
    return found;
  }
}
