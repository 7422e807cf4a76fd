package dev.bellows.benchmarks;

import static dev.bellows.errors.Messages.message;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The process of one side, in its best environment, on one core: libtorch gets tcmalloc with huge
 * pages and no OPENBLAS_ variables. It answers each request line with a line of numbers.
 */
final class Side implements AutoCloseable {
  static final String OURS = "ours";
  static final Path TCMALLOC = Path.of("/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4");

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream requests;

  /**
   * Starts the main class of a side with its name and the further arguments.
   *
   * @throws IOException if libtorch cannot be at its best, with what to install
   */
  Side(String name, Class<?> main, String... arguments) throws IOException {
    this.name = name;
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/taskset"))) {
      command.addAll(List.of("taskset", "-c", System.getProperty("core", "1")));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx1g",
            "-Dbellows.threads=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            name));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(key -> key.startsWith("OPENBLAS_"));
    builder.environment().put("OMP_NUM_THREADS", "1");
    if (!name.equals(OURS)) {
      preload(builder);
    }
    process = builder.start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static void preload(ProcessBuilder builder) throws IOException {
    if (!Files.exists(TCMALLOC)) {
      throw new IOException(
          message(
              "benchmark: libtorch must run with tcmalloc, without which it is slower; got no %s"
                  + " (install libtcmalloc-minimal4)",
              TCMALLOC));
    }
    builder.environment().put("THP_MEM_ALLOC_ENABLE", "1");
    builder.environment().put("LD_PRELOAD", TCMALLOC.toString());
  }

  String name() {
    return name;
  }

  /** Sends a request and returns the numbers of the answer. */
  double[] ask(String request) throws IOException {
    requests.println(request);
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(message("benchmark: %s ended while running %s", name, request));
    }
    return Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
