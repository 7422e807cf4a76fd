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
import java.util.Locale;

/**
 * Compares whole training steps of Bellows and libtorch, alternating in one run on one core. Each
 * side is a separate process with its best allocator and environment: libtorch gets tcmalloc (if
 * installed) with huge pages and no OPENBLAS_ variables, and for convolutional networks the better
 * of its two memory formats. Prints a line {@code case, ours_ms, peer_ms, ratio} for each case
 * (medians over rounds of the median step), then the process CPU time of a step on both sides.
 */
public final class SideBySide {
  private static final int ROUNDS = Integer.getInteger("rounds", 7);
  private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "1.5"));

  private SideBySide() {}

  /** Runs the given cases. */
  public static void main(String[] args) throws IOException {
    List<String> cases = new ArrayList<>();
    for (String arg : args.length == 0 ? new String[] {"mlp", "lenet"} : args) {
      cases.addAll(Cases.of(arg));
    }
    System.out.println("case\tours_ms\tpeer_ms\tratio\tours_cpu_ms\tpeer_cpu_ms\tpeer_format");
    for (String name : cases) {
      System.out.println(compare(name));
    }
  }

  private static String compare(String name) throws IOException {
    List<Side> sides = new ArrayList<>();
    sides.add(new Side("ours"));
    sides.add(new Side("peer"));
    if (Cases.isLenet(name)) {
      sides.add(new Side("peer-channels-last"));
    }
    try {
      for (Side side : sides) {
        side.run(name, 2 * SECONDS);
      }
      for (Side side : sides) {
        side.forget();
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Side side : sides) {
          side.run(name, SECONDS);
        }
      }
      Side ours = sides.get(0);
      Side peer = sides.get(1);
      if (sides.size() > 2 && sides.get(2).wall() < peer.wall()) {
        peer = sides.get(2);
      }
      for (Side side : sides) {
        side.checkLoss(name);
      }
      return String.format(
          Locale.ROOT,
          "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%s",
          name,
          ours.wall(),
          peer.wall(),
          ours.wall() / peer.wall(),
          ours.cpu(),
          peer.cpu(),
          peer.name);
    } finally {
      for (Side side : sides) {
        side.close();
      }
    }
  }

  /** The process of one side. */
  private static final class Side implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream requests;
    private final List<double[]> results = new ArrayList<>();

    Side(String name) throws IOException {
      this.name = name;
      List<String> command = new ArrayList<>();
      String core = System.getProperty("core", "1");
      if (Files.isExecutable(Path.of("/usr/bin/taskset"))) {
        command.addAll(List.of("taskset", "-c", core));
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
              Worker.class.getName(),
              name));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().keySet().removeIf(key -> key.startsWith("OPENBLAS_"));
      builder.environment().put("OMP_NUM_THREADS", "1");
      if (!name.equals("ours")) {
        builder.environment().put("THP_MEM_ALLOC_ENABLE", "1");
        Path tcmalloc = Path.of("/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4");
        if (Files.exists(tcmalloc)) {
          builder.environment().put("LD_PRELOAD", tcmalloc.toString());
        }
      }
      process = builder.start();
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    void run(String caseName, double seconds) throws IOException {
      requests.println(caseName + " " + seconds);
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("benchmark: " + name + " ended while running " + caseName);
      }
      results.add(Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray());
    }

    void forget() {
      results.clear();
    }

    double wall() {
      return median(0);
    }

    double cpu() {
      return median(1);
    }

    private double median(int column) {
      double[] values = results.stream().mapToDouble(r -> r[column]).sorted().toArray();
      return values[values.length / 2];
    }

    /** Checks that the loss falls: otherwise the side was not training. */
    void checkLoss(String caseName) throws IOException {
      double[] last = results.get(results.size() - 1);
      if (!(last[3] < last[2])) {
        throw new IOException(
            message(
                "benchmark: %s %s: loss must fall; got %s to %s",
                name, caseName, last[2], last[3]));
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
