package dev.bellows.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops a cluster if this JVM ends without having done so, even if it is killed: a shell waits at
 * the other end of a pipe, which the system closes when the JVM ends.
 */
final class Guard implements AutoCloseable {
  // A line means a normal end. End of input means that the JVM died, so the following commands run.
  private static final String SCRIPT = "read -r done && exit 0; exec \"$@\"";

  private final Process shell;

  private Guard(Process shell) {
    this.shell = shell;
  }

  static Guard of(Path directory) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "bellows-guard"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bellows.class.getName()));
    command.addAll(List.of("cluster", "stop", "--state-dir", directory.toString()));
    ProcessBuilder builder = new ProcessBuilder(Commands.detached(command));
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("guard.log").toFile());
    return new Guard(builder.start());
  }

  @Override
  public void close() {
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      shell.destroy(); // the shell no longer reads
    }
  }
}
