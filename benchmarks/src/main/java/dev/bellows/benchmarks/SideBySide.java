package dev.bellows.benchmarks;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares whole training steps of Bellows and libtorch, alternating in one run on one core. Each
 * side is a separate process, see {@link Side}; for convolutional networks libtorch uses the better
 * of its two memory formats. Both start from the same weights, and the losses of the first steps
 * must agree. Prints a line {@code case, ours_ms, peer_ms, ratio} for each case (medians over
 * rounds of the median step), then the process CPU time of a step and the peak memory of both
 * sides.
 */
public final class SideBySide {
  private static final int ROUNDS = Integer.getInteger("rounds", 7);
  private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "1.5"));

  /** Places in the answer of a {@link Worker}. */
  private static final int PEAK = 2;

  private static final int LOSS = 3;
  private static final int FIRST = 4;

  private static final double TOLERANCE = 1e-3;

  private SideBySide() {}

  /** Runs the given cases. */
  public static void main(String[] args) throws IOException {
    List<String> cases = new ArrayList<>();
    for (String arg :
        args.length == 0 ? new String[] {"mlp", "lenet", "resnet18", "gpt", "lstm"} : args) {
      cases.addAll(Cases.of(arg));
    }
    System.out.println(
        "case\tours_ms\tpeer_ms\tratio\tours_cpu_ms\tpeer_cpu_ms\tours_mb\tpeer_mb\tpeer_format");
    for (String name : cases) {
      System.out.println(compare(name));
    }
  }

  private static String compare(String name) throws IOException {
    List<Rounds> sides = new ArrayList<>();
    Path weights = Files.createTempFile("bellows-benchmark", ".weights");
    try {
      sides.add(new Rounds(Side.OURS, weights));
      sides.add(new Rounds("peer", weights));
      if (Cases.network(name).convolves()) {
        sides.add(new Rounds("peer-channels-last", weights));
      }
      for (Rounds side : sides) {
        side.run(name, 2 * SECONDS);
      }
      for (Rounds side : sides) {
        side.forget();
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Rounds side : sides) {
          side.run(name, SECONDS);
        }
      }
      Rounds ours = sides.get(0);
      Rounds peer = sides.get(1);
      if (sides.size() > 2 && sides.get(2).wall() < peer.wall()) {
        peer = sides.get(2);
      }
      for (Rounds side : sides) {
        side.checkLosses(name, sides.get(0));
      }
      return String.format(
          Locale.ROOT,
          "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.0f\t%.0f\t%s",
          name,
          ours.wall(),
          peer.wall(),
          ours.wall() / peer.wall(),
          ours.cpu(),
          peer.cpu(),
          ours.peakMb(),
          peer.peakMb(),
          peer.side.name());
    } finally {
      for (Rounds side : sides) {
        side.close();
      }
      Files.delete(weights);
    }
  }

  /** A side and the answers of its rounds. */
  private static final class Rounds implements AutoCloseable {
    private final Side side;
    private final List<double[]> results = new ArrayList<>();

    Rounds(String name, Path weights) throws IOException {
      side = new Side(name, Worker.class, weights.toString());
    }

    void run(String caseName, double seconds) throws IOException {
      results.add(side.ask(caseName + " " + seconds));
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

    double peakMb() {
      return last()[PEAK];
    }

    private double[] last() {
      return results.get(results.size() - 1);
    }

    private double median(int column) {
      double[] values = results.stream().mapToDouble(r -> r[column]).sorted().toArray();
      return values[values.length / 2];
    }

    /**
     * Checks that the loss falls: otherwise the side was not training; and that it has the losses
     * of another side in the first steps, unless they draw random numbers.
     */
    void checkLosses(String caseName, Rounds other) throws IOException {
      double[] mine = last();
      double[] others = other.last();
      if (!(mine[LOSS] < mine[FIRST])) {
        throw new IOException(
            message(
                "benchmark: %s %s: loss must fall; got %s to %s",
                side.name(), caseName, mine[FIRST], mine[LOSS]));
      }
      for (int i = FIRST; i < mine.length && !Cases.network(caseName).draws; i++) {
        if (!(Math.abs(mine[i] - others[i]) <= TOLERANCE * others[i])) {
          throw new IOException(
              message(
                  "benchmark: %s: losses of the first steps must agree; got %s %s, %s %s",
                  caseName, other.side.name(), others, side.name(), mine));
        }
      }
    }

    @Override
    public void close() {
      side.close();
    }
  }
}
