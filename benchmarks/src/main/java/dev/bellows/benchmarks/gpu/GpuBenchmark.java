package dev.bellows.benchmarks.gpu;

import dev.bellows.backend.Backends;
import dev.bellows.backend.Devices;
import dev.bellows.memory.Device;
import dev.bellows.tensor.TensorScope;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures training steps and single operations on a GPU, each case followed by the same in PyTorch
 * on the same GPU. Prints {@code gpu.<name>, ours_ms, peer_ms, ratio, peer_graph_ms, ours_rate,
 * peer_rate, unit}; medians over rounds of the mean over many runs; the device is synchronised
 * before the clock is stopped. {@code -} stands for a missing value.
 *
 * <pre>
 * --python PATH   a Python with torch, for the peer; without it only ours
 * --peer FILE     the peer's script (default benchmarks/src/main/python/gpu_peer.py)
 * --only TEXT     cases whose name contains it
 * --seconds S     for each case and side (default 2), --rounds N (default 7)
 * --device D      cuda (default) or cpu
 * --tiny          small sizes, to try the code
 * </pre>
 */
public final class GpuBenchmark {
  private String python;
  private Path peerScript = Path.of("benchmarks", "src", "main", "python", "gpu_peer.py");
  private String only = "";
  private String measured;
  private double seconds = 2;
  private int rounds = 7;
  private Device device = Device.cuda(0);
  private boolean tiny;

  private GpuBenchmark(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--python" -> python = args[++i];
        case "--peer" -> peerScript = Path.of(args[++i]);
        case "--only" -> only = args[++i];
        case "--measure" -> measured = args[++i];
        case "--seconds" -> seconds = Double.parseDouble(args[++i]);
        case "--rounds" -> rounds = Integer.parseInt(args[++i]);
        case "--device" -> device = args[++i].equals("cpu") ? Device.CPU : Device.cuda(0);
        case "--tiny" -> tiny = true;
        default -> throw new IllegalArgumentException("gpu benchmark: unknown option " + args[i]);
      }
    }
  }

  /** Runs the cases. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintStream out = System.out;
    System.setOut(System.err); // the log output of other code
    new GpuBenchmark(args).run(out);
  }

  private void run(PrintStream out) throws IOException, InterruptedException {
    if (!Devices.isAvailable(device)) {
      out.println("gpu benchmark: no device: " + Devices.probe(device.type()));
      return;
    }
    if (measured != null) {
      for (GpuCase each : GpuCase.all(tiny)) {
        if (each.name().equals(measured)) {
          out.println(measure(each));
        }
      }
      return;
    }
    out.println("# " + Backends.of(device).fingerprint());
    try (GpuPeer peer = python == null ? null : new GpuPeer(python, peerScript, isCpu())) {
      if (peer != null) {
        out.println("# " + peer.name());
      }
      out.println("case\tours_ms\tpeer_ms\tratio\tpeer_graph_ms\tours_rate\tpeer_rate\tunit");
      for (GpuCase each : GpuCase.all(tiny)) {
        if (each.name().contains(only)) {
          double ours = each.tf32() ? measureApart(each) : measure(each);
          double[] theirs =
              peer == null
                  ? new double[] {Double.NaN, Double.NaN}
                  : peer.measure(each, seconds, rounds);
          out.println(line(each, ours, theirs));
          out.flush();
        }
      }
    }
  }

  private boolean isCpu() {
    return device.equals(Device.CPU);
  }

  private static String line(GpuCase c, double ours, double[] theirs) {
    return String.join(
        "\t",
        "gpu." + c.name(),
        number(ours),
        number(theirs[0]),
        number(ours / theirs[0]),
        number(theirs[1]),
        number(c.unit().rate(c.amount(), ours)),
        number(c.unit().rate(c.amount(), theirs[0])),
        c.unit().toString());
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value < 10 ? "%.4f" : value < 1000 ? "%.2f" : "%.0f", value);
  }

  /** Returns the milliseconds of one run. */
  private double measure(GpuCase c) {
    try (TensorScope scope = TensorScope.open();
        GpuWork work = GpuWork.of(c, device)) {
      int runs = 1;
      // Warms up code, kernels and caches, and determines the number of runs of a round.
      double elapsed = 0;
      for (double spent = 0; elapsed < seconds / rounds / 2 || spent < seconds; spent += elapsed) {
        elapsed = round(work, runs);
        if (elapsed < seconds / rounds / 2) {
          runs *= 2;
        }
      }
      double[] ms = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        ms[i] = round(work, runs) / runs * 1000;
      }
      work.check();
      Arrays.sort(ms);
      return ms[rounds / 2];
    }
  }

  /** Returns the seconds of the given number of runs. */
  private double round(GpuWork work, int runs) {
    Backends.of(device).synchronize();
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      work.run();
    }
    Backends.of(device).synchronize();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Measures in a separate process, as TF32 is a setting that is read once. */
  private double measureApart(GpuCase c) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dbellows.cuda.tf32=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(GpuBenchmark.class.getName(), "--measure", c.name()));
    command.addAll(List.of("--seconds", "" + seconds, "--rounds", "" + rounds));
    command.addAll(List.of("--device", isCpu() ? "cpu" : "cuda"));
    if (tiny) {
      command.add("--tiny");
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("gpu benchmark: " + c.name() + ": its process failed");
    }
    return Double.parseDouble(said.strip());
  }
}
