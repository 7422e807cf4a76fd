package dev.bellows.comm.group;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Simulates all-reduces of 2 to 1024 ranks and writes what came out into {@code scaling.md}, {@code
 * scaling.tsv} and the plots of a directory. Arguments: the directory, and the largest number of
 * ranks (1024).
 */
final class ScalingReport {
  private static final double[] NETWORKS = {10, 100};
  private static final int[] SIZES = {4 << 10, 64 << 10, 1 << 20, 25 << 20, 100 << 20};
  private static final String[] SIZE_NAMES = {"4 KiB", "64 KiB", "1 MiB", "25 MiB", "100 MiB"};

  /** A gradient of ResNet-50; the first bucket and the last are small, as in a training loop. */
  private static final int GRADIENT_BYTES = 25_557_032 * Float.BYTES;

  private static final int SMALL_BUCKET = 1 << 20;
  private static final int BUCKET = 25 << 20;
  private static final double FORWARD_MS = 50;
  private static final double BACKWARD_MS = 100;

  /** Copies between a socket and memory by one thread. */
  private static final double COPY_RATE = 8e9;

  private final Path directory;
  private final int mostRanks;
  private final Map<String, List<ScalingCase.Result>> results = new LinkedHashMap<>();
  private final StringBuilder rows = new StringBuilder();

  private ScalingReport(Path directory, int mostRanks) {
    this.directory = directory;
    this.mostRanks = mostRanks;
  }

  public static void main(String[] args) throws IOException {
    var mostRanks = args.length > 1 ? Integer.parseInt(args[1]) : 1024;
    new ScalingReport(Path.of(args[0]), mostRanks).write();
  }

  private void write() throws IOException {
    var begin = System.nanoTime();
    rows.append("gbit\tranks\tbytes\talgorithm\tms\tbound_ms\ttime_ratio\tsent_bytes\tbytes_ratio");
    rows.append("\tring_ms\tdoubling_ms\thalving_ms\n");
    for (var gigabits : NETWORKS) {
      for (var size : SIZES) {
        simulate(gigabits, size);
      }
      table("times-" + (int) gigabits, times(gigabits));
    }
    table("algorithms", algorithms());
    table("stragglers", stragglers());
    table("hosts", hosts());
    table("copies", copies());
    resNet();
    Files.writeString(directory.resolve("scaling.tsv"), rows, StandardCharsets.UTF_8);
    plotTimes();
    plotSmall();
    System.err.printf(Locale.ROOT, "%.0f s%n", (System.nanoTime() - begin) / 1e9);
  }

  private List<Integer> ranks() {
    var ranks = new ArrayList<Integer>();
    for (var count = 2; count <= mostRanks; count *= 2) {
      ranks.add(count);
    }
    return ranks;
  }

  private void simulate(double gigabits, int size) {
    for (var count : ranks()) {
      var result = new ScalingCase(count, size, SimModel.gigabits(gigabits)).run();
      var of = result.of();
      rows.append(
          format(
              "%d\t%d\t%d\t%s\t%.4f\t%.4f\t%.3f\t%d\t%.3f\t%.4f\t%.4f\t%.4f%n",
              (int) gigabits,
              count,
              size,
              result.algorithm(),
              result.ms(),
              of.boundMs(),
              result.timeRatio(),
              result.sentBytes(),
              result.bytesRatio(),
              of.ringMs(),
              of.doublingMs(),
              of.halvingMs()));
      results(gigabits, size).add(result);
      System.err.printf(
          Locale.ROOT,
          "%.0f Gbit/s, %d ranks, %d bytes: %.3f ms; %.1f s here%n",
          gigabits,
          count,
          size,
          result.ms(),
          result.hostSeconds());
    }
  }

  private List<ScalingCase.Result> results(double gigabits, int size) {
    return results.computeIfAbsent(gigabits + " " + size, key -> new ArrayList<>());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String head(String first, String... others) {
    return "| "
        + first
        + " | "
        + String.join(" | ", others)
        + " |\n|"
        + "---|".repeat(1 + others.length)
        + "\n";
  }

  private String times(double gigabits) {
    var table = new StringBuilder(head("ranks", SIZE_NAMES));
    for (var i = 0; i < ranks().size(); i++) {
      table.append("| ").append(ranks().get(i));
      for (var size : SIZES) {
        var result = results(gigabits, size).get(i);
        table.append(format(" | %s (%.2f)", ms(result.ms()), result.timeRatio()));
      }
      table.append(" |\n");
    }
    return table.toString();
  }

  private static String ms(double ms) {
    return format(ms < 1 ? "%.3f" : ms < 100 ? "%.2f" : "%.0f", ms);
  }

  /** What was simulated beside the formulas, at 10 Gbit/s. */
  private String algorithms() {
    var names = new String[] {"ranks", "chosen", "ms", "ring", "doubling", "halving", "sent/bound"};
    var table = new StringBuilder(head("size", names));
    for (var s = 0; s < 4; s++) {
      for (var result : results(10, SIZES[s])) {
        var of = result.of();
        if (of.ranks() == 8 || of.ranks() == 64 || of.ranks() == 256 || of.ranks() == 1024) {
          table.append(
              format(
                  "| %s | %d | %s | %s | %s | %s | %s | %.2f |%n",
                  SIZE_NAMES[s],
                  of.ranks(),
                  result.algorithm(),
                  ms(result.ms()),
                  ms(of.ringMs()),
                  ms(of.doublingMs()),
                  ms(of.halvingMs()),
                  result.bytesRatio()));
        }
      }
    }
    return table.toString();
  }

  private String stragglers() {
    var table =
        new StringBuilder(
            head(
                "ranks",
                "all alike",
                "one starts 100 ms late",
                "after that start",
                "one card 4 times slower",
                "that card's bytes alone"));
    for (var count : new int[] {8, 64, 256}) {
      if (count <= mostRanks) {
        var one = new ScalingCase(count, 25 << 20, SimModel.gigabits(10));
        var late = one.run(Map.of(), 100).ms();
        table.append(
            format(
                "| %d | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
                count,
                one.run().ms(),
                late,
                late - 100,
                one.run(Map.of(count / 2, 4.0), 0).ms(),
                4 * one.boundMs()));
      }
    }
    return table.toString();
  }

  private String hosts() {
    var table = new StringBuilder(head("ranks", "a card each", "8 share a card", "factor"));
    for (var count : new int[] {16, 64, 256}) {
      if (count <= mostRanks) {
        var model = SimModel.gigabits(10);
        var alone = new ScalingCase(count, 25 << 20, model).run().ms();
        var shared = new ScalingCase(count, 25 << 20, model.withRanksPerHost(8)).run().ms();
        table.append(format("| %d | %.1f | %.1f | %.2f |%n", count, alone, shared, shared / alone));
      }
    }
    return table.toString();
  }

  private String copies() {
    var table =
        new StringBuilder(
            head("ranks", "10 Gbit/s", "with copies", "100 Gbit/s", "with copies", "bound"));
    for (var count : new int[] {2, 8, 64, 256}) {
      if (count <= mostRanks) {
        table.append("| ").append(count);
        for (var gigabits : NETWORKS) {
          var model = SimModel.gigabits(gigabits);
          var free = new ScalingCase(count, 25 << 20, model).run().ms();
          var copied = new ScalingCase(count, 25 << 20, model.withCopyRate(COPY_RATE)).run().ms();
          table.append(format(" | %.1f | %.1f", free, copied));
        }
        var bound = new ScalingCase(count, 25 << 20, SimModel.gigabits(100)).boundMs();
        table.append(format(" | %.1f |%n", bound));
      }
    }
    return table.toString();
  }

  // A step of training.

  private void resNet() throws IOException {
    var table =
        new StringBuilder(
            head("ranks", "10 Gbit/s step ms", "efficiency", "100 Gbit/s step ms", "efficiency"));
    table.append("| 1 | 150.0 | 1.000 | 150.0 | 1.000 |\n");
    var points = List.of(new ArrayList<double[]>(), new ArrayList<double[]>());
    points.forEach(line -> line.add(new double[] {1, 1}));
    for (var count : ranks()) {
      table.append("| ").append(count);
      for (var i = 0; i < NETWORKS.length; i++) {
        var step = step(count, SimModel.gigabits(NETWORKS[i]));
        var efficiency = (FORWARD_MS + BACKWARD_MS) / step;
        points.get(i).add(new double[] {count, efficiency});
        table.append(format(" | %.1f | %.3f", step, efficiency));
        System.err.printf(Locale.ROOT, "ResNet-50, %d ranks: %.1f ms%n", count, step);
      }
      table.append(" |\n");
    }
    table("resnet", table.toString());
    plot(
        "scaling-efficiency.svg",
        new LogPlot("A ResNet-50-sized gradient", "ranks", "efficiency", false)
            .line("100 Gbit/s", 1, false, points.get(1))
            .line("10 Gbit/s", 0, false, points.get(0)));
  }

  /** The time of one step: buckets start as backward produces them. */
  private static double step(int count, SimModel model) {
    var simulation = Simulation.ofTimes(count, model, ScalingCase.OPTIONS, Map.of());
    var buckets = new ArrayList<SimulatedReduction>();
    for (int from = 0, to; from < GRADIENT_BYTES; from = to) {
      to = bucketEnd(from);
      var bucket = SimulatedReduction.on(simulation, ScalingCase.data(to - from));
      var ready = FORWARD_MS + BACKWARD_MS * to / GRADIENT_BYTES;
      for (var rank = 0; rank < count; rank++) {
        bucket.startAt(rank, Math.round(ready * 1e6));
      }
      buckets.add(bucket);
    }
    var end = 0L;
    for (var bucket : buckets) {
      end = Math.max(end, bucket.finish());
    }
    return Math.max(FORWARD_MS + BACKWARD_MS, end / 1e6);
  }

  private static int bucketEnd(int from) {
    if (from == 0) {
      return SMALL_BUCKET;
    }
    var last = GRADIENT_BYTES - SMALL_BUCKET;
    return from < last ? Math.min(last, from + BUCKET) : GRADIENT_BYTES;
  }

  // What is written.

  private interface Value {
    double of(ScalingCase.Result result);
  }

  private List<double[]> points(double gigabits, int size, Value value) {
    return results(gigabits, size).stream()
        .map(result -> new double[] {result.of().ranks(), value.of(result)})
        .toList();
  }

  private void plotTimes() throws IOException {
    for (var gigabits : NETWORKS) {
      var title = "All-reduce at " + (int) gigabits + " Gbit/s";
      var plot = new LogPlot(title, "ranks", "ms", true);
      for (var s = SIZES.length - 1; s >= 0; s--) {
        plot.line(SIZE_NAMES[s], s, false, points(gigabits, SIZES[s], ScalingCase.Result::ms));
        plot.line(
            "bound of " + SIZE_NAMES[s],
            s,
            true,
            points(gigabits, SIZES[s], r -> r.of().boundMs()));
      }
      plot("scaling-" + (int) gigabits + "g.svg", plot);
    }
  }

  private void plotSmall() throws IOException {
    for (var s : new int[] {0, 2}) {
      var size = SIZES[s];
      var title = SIZE_NAMES[s] + " at 10 Gbit/s beside formulas";
      plot(
          "scaling-" + SIZE_NAMES[s].replace(" ", "").toLowerCase(Locale.ROOT) + ".svg",
          new LogPlot(title, "ranks", "ms", true)
              .line("simulated", 0, false, points(10, size, ScalingCase.Result::ms))
              .line("ring", 1, true, points(10, size, r -> r.of().ringMs()))
              .line("recursive doubling", 2, true, points(10, size, r -> r.of().doublingMs()))
              .line("halving, doubling", 3, true, points(10, size, r -> r.of().halvingMs()))
              .line("bound", 5, true, points(10, size, r -> r.of().boundMs())));
    }
  }

  private void plot(String name, LogPlot plot) throws IOException {
    Files.writeString(directory.resolve(name), plot.svg(), StandardCharsets.UTF_8);
  }

  /** Puts a table between its two marks in the text. */
  private void table(String name, String table) throws IOException {
    var file = directory.resolve("scaling.md");
    var text = Files.readString(file, StandardCharsets.UTF_8);
    var mark = "<!-- table: " + name + " -->\n";
    var begin = text.indexOf(mark) + mark.length();
    var end = text.indexOf("<!-- end -->", begin);
    if (begin < mark.length() || end < 0) {
      throw new IOException("scaling: " + file + " must have the marks of table " + name);
    }
    var filled = text.substring(0, begin) + "\n" + table + "\n" + text.substring(end);
    Files.writeString(file, filled, StandardCharsets.UTF_8);
  }
}
