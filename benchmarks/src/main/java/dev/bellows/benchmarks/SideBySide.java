package dev.bellows.benchmarks;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares whole training steps of Bellows and libtorch, alternating in one run on one core. Each
 * side is a separate process, see {@link Side}; for convolutional networks libtorch uses the better
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
    List<Rounds> sides = new ArrayList<>();
    try {
      sides.add(new Rounds(Side.OURS));
      sides.add(new Rounds("peer"));
      if (Cases.isLenet(name)) {
        sides.add(new Rounds("peer-channels-last"));
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
          peer.side.name());
    } finally {
      for (Rounds side : sides) {
        side.close();
      }
    }
  }

  /** A side and the answers of its rounds. */
  private static final class Rounds implements AutoCloseable {
    private final Side side;
    private final List<double[]> results = new ArrayList<>();

    Rounds(String name) throws IOException {
      side = new Side(name, Worker.class);
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
                side.name(), caseName, last[2], last[3]));
      }
    }

    @Override
    public void close() {
      side.close();
    }
  }
}
