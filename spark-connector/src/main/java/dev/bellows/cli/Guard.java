package dev.bellows.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops a cluster if this JVM ends without having done so, however it ends: a shell waits at the
 * other end of a pipe, and the system closes the pipe when the JVM is gone.
 */
final class Guard implements AutoCloseable {
  // A line: all is well. End of input: the JVM died, so run what follows.
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
      shell.destroy(); // it no longer listens
    }
  }
}
