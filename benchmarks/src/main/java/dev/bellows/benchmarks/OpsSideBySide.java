package dev.bellows.benchmarks;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Compares single operations of Bellows and libtorch. Each side is one process, which first runs
 * all cases once in a shuffled order, so that each runs as in a program that mixes them; then both
 * sides run each case in turn, in another order. Prints a line {@code case, ours_ms, peer_ms,
 * ratio} for each case, and the geometric mean of the ratios for each family. The results of both
 * sides must agree.
 *
 * <p>{@code --cold} runs each case in a fresh process instead, and prints the times of the first
 * 100 calls; {@code --only REGEX} selects cases, {@code --seed N} the orders.
 */
public final class OpsSideBySide {
  private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "0.3"));
  private static final double TOLERANCE = 2e-3;
  private static final String COLD_CASES =
      "(add|exp|gt|where|to FLOAT64|softmax|permute|cat|randn|matmul) 1M";

  private OpsSideBySide() {}

  /** Runs the cases. */
  public static void main(String[] args) throws IOException {
    List<String> options = Arrays.asList(args);
    boolean cold = options.contains("--cold");
    long seed = Long.parseLong(option(options, "--seed", "1"));
    Pattern only = Pattern.compile(option(options, "--only", cold ? COLD_CASES : ""));
    List<OpCase> cases = OpCases.all();
    List<Integer> deck = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      if (only.matcher(cases.get(i).name()).find()) {
        deck.add(i);
      }
    }
    if (cold) {
      cold(cases, deck);
    } else {
      mixed(cases, deck, new Random(seed));
    }
  }

  private static String option(List<String> options, String name, String fallback) {
    int at = options.indexOf(name);
    return at < 0 ? fallback : options.get(at + 1);
  }

  private static void mixed(List<OpCase> cases, List<Integer> deck, Random random)
      throws IOException {
    Map<String, List<Double>> families = new TreeMap<>();
    try (Side ours = new Side(Side.OURS, OpWorker.class);
        Side peer = new Side("peer", OpWorker.class)) {
      for (Side side : List.of(ours, peer)) {
        Collections.shuffle(deck, random);
        for (int i : deck) {
          side.ask(i + " " + SECONDS);
        }
      }
      Collections.shuffle(deck, random);
      System.out.println("family\tcase\tours_ms\tpeer_ms\tratio");
      for (int i : deck) {
        OpCase op = cases.get(i);
        double[] here = ours.ask(i + " " + SECONDS);
        double[] there = peer.ask(i + " " + SECONDS);
        check(op, here[1], there[1]);
        double ratio = here[0] / there[0];
        families.computeIfAbsent(op.family(), key -> new ArrayList<>()).add(ratio);
        print(op.family(), op.name(), here[0], there[0], ratio);
      }
    }
    System.out.println("family\tcases\tgeometric mean of ratios");
    List<Double> all = new ArrayList<>();
    families.forEach(
        (family, ratios) -> {
          System.out.println(family + "\t" + ratios.size() + "\t" + mean(ratios));
          all.addAll(ratios);
        });
    System.out.println("all\t" + all.size() + "\t" + mean(all));
  }

  private static void print(String family, String name, double ours, double peer, double ratio) {
    System.out.printf(Locale.ROOT, "%s\t%s\t%.4f\t%.4f\t%.2f%n", family, name, ours, peer, ratio);
  }

  private static String mean(List<Double> ratios) {
    double logs = ratios.stream().mapToDouble(Math::log).sum();
    return String.format(Locale.ROOT, "%.3f", Math.exp(logs / ratios.size()));
  }

  private static void check(OpCase op, double ours, double peer) throws IOException {
    if (op.repeats() && !(Math.abs(ours - peer) <= TOLERANCE * Math.abs(peer))) {
      throw new IOException(
          message(
              "benchmark: %s: both sides must give the same values; got the sums %s and %s",
              op.name(), ours, peer));
    }
  }

  private static void cold(List<OpCase> cases, List<Integer> deck) throws IOException {
    System.out.println("case\tside\tfirst_ms\tmedian of 2-10\tmedian of 11-50\tmedian of 51-100");
    for (int i : deck) {
      for (String name : List.of(Side.OURS, "peer")) {
        try (Side side = new Side(name, OpWorker.class)) {
          double[] ms = side.ask(i + " cold");
          System.out.printf(
              Locale.ROOT,
              "%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f%n",
              cases.get(i).name(),
              name,
              ms[0],
              median(ms, 1, 10),
              median(ms, 10, 50),
              median(ms, 50, ms.length));
        }
      }
    }
  }

  private static double median(double[] ms, int from, int to) {
    double[] sorted = Arrays.copyOfRange(ms, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
