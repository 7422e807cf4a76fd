package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs, starts them detached from the terminal, and formats command lines. */
final class Commands {
  /** Standard input for programs that must not read the terminal. */
  static final File NO_INPUT = new File("/dev/null");

  private Commands() {}

  /** Returns the program on the PATH; the error names what needs it and an alternative. */
  static String find(String program, String need, String otherwise) {
    return onPath(program)
        .orElseThrow(
            () ->
                new CliException(
                    message(
                        "%s; found no %s on the PATH; install it, or %s",
                        need, program, otherwise)));
  }

  private static Optional<String> onPath(String program) {
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && Files.isExecutable(Path.of(entry, program))) {
        return Optional.of(Path.of(entry, program).toString());
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the command wrapped to run in a new session, so that the terminal's signals do not
   * reach it.
   */
  static List<String> detached(List<String> command) {
    return onPath("setsid")
        .map(setsid -> Stream.concat(Stream.of(setsid), command.stream()).toList())
        .orElse(command);
  }

  /** Returns the command quoted for a shell. */
  static String quoted(List<String> command) {
    StringBuilder line = new StringBuilder();
    for (String word : command) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(
          word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }
}
