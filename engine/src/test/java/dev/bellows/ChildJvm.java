package dev.bellows;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a separate JVM. */
public final class ChildJvm {
  private static final int SECONDS = 240;

  private ChildJvm() {}

  /** How a process ended. */
  public record Result(int exit, String output) {}

  /** Runs {@code main} to its end; options come before the class path. */
  public static Result run(Class<?> main, List<String> options, String... arguments)
      throws Exception {
    return run(List.of(), main, options, arguments);
  }

  /** Runs {@code main} to its end behind other words of a command line. */
  public static Result run(
      List<String> before, Class<?> main, List<String> options, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    File output = File.createTempFile("child", ".txt");
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return new Result(
          process.exitValue(), Files.readString(output.toPath(), StandardCharsets.UTF_8));
    } finally {
      Files.delete(output.toPath());
    }
  }
}
