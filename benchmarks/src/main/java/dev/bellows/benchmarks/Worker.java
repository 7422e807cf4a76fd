package dev.bellows.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The process of one side. Reads lines {@code case seconds}, trains the case for about that long,
 * and prints {@code median wall ms, process CPU ms a step, first loss, last loss, steps}.
 */
public final class Worker {
  private Worker() {}

  /** Runs the side named by the first argument: ours, peer, or peer-channels-last. */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err);
    String current = null;
    StepCase work = null;
    double first = Double.NaN;
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals(current)) {
        current = words[0];
        work =
            args[0].equals("ours")
                ? new OursCase(current)
                : new PeerCase(current, args[0].equals("peer-channels-last"));
        work.step();
        first = work.loss();
      }
      out.println(measure(work, Double.parseDouble(words[1]), first));
      out.flush();
    }
  }

  private static String measure(StepCase work, double seconds, double first) {
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
    return sorted[n / 2] + " " + cpuMs + " " + first + " " + work.loss() + " " + n;
  }
}
