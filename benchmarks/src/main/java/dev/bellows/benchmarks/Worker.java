package dev.bellows.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The process of one side. Reads lines {@code case seconds}, trains the case for about that long,
 * and prints {@code median wall ms, process CPU ms a step, peak resident MB, last loss, losses of
 * the first steps}.
 */
public final class Worker {
  /** Number of steps whose losses the two sides compare. */
  private static final int COMPARED = 3;

  private Worker() {}

  /**
   * Runs the side named by the first argument: ours, peer, or peer-channels-last. Ours writes its
   * first weights to the file named by the second, the others read them.
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err);
    String current = null;
    StepCase work = null;
    StringBuilder first = new StringBuilder();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals(current)) {
        current = words[0];
        work = open(args[0], current, Path.of(args[1]));
        first.setLength(0);
        for (int i = 0; i < COMPARED; i++) {
          work.step();
          first.append(' ').append(work.loss());
        }
      }
      out.println(measure(work, Double.parseDouble(words[1])) + first);
      out.flush();
    }
  }

  private static StepCase open(String side, String name, Path weights) throws IOException {
    if (!side.equals(Side.OURS)) {
      return new PeerCase(name, side.equals("peer-channels-last"), Weights.load(weights));
    }
    OursCase ours = new OursCase(name);
    Weights.save(ours.model(), weights);
    return ours;
  }

  private static String measure(StepCase work, double seconds) throws IOException {
    var os =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = os.getProcessCpuTime();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    double[] samples = new double[1 << 16];
    int n = 0;
    long now = start;
    do {
      work.step();
      long then = now;
      now = System.nanoTime();
      samples[n++] = (now - then) / 1e6;
    } while (now < end && n < samples.length);
    double[] sorted = Arrays.copyOf(samples, n);
    Arrays.sort(sorted);
    double cpuMs = (os.getProcessCpuTime() - cpu) / 1e6 / n;
    return sorted[n / 2] + " " + cpuMs + " " + peakMb() + " " + work.loss();
  }

  /** Returns the most memory that the process has held so far. */
  private static double peakMb() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return Double.NaN;
  }
}
