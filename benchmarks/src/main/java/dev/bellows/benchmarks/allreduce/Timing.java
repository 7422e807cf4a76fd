package dev.bellows.benchmarks.allreduce;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * The timing that all sides share: medians of batches of about 30 ms, whose length rank 0
 * determines.
 */
final class Timing {
  /** Rank of a process that prints nothing, as all ranks but 0. */
  static final int SILENT = -1;

  private static final double BATCH_SECONDS = 0.03;
  private static final int WARM_UP = 3;
  private static final int MOST_BATCHES = 1000;

  private Timing() {}

  /**
   * Measures and prints {@code BYTES<TAB>MS}.
   *
   * @param batch runs the given number of operations and returns the seconds of one
   * @param agree returns to every rank the value that rank 0 passed
   */
  static void measure(
      int rank, int bytes, double seconds, IntToDoubleFunction batch, DoubleUnaryOperator agree) {
    double unused = batch.applyAsDouble(WARM_UP);
    double once = agree.applyAsDouble(batch.applyAsDouble(WARM_UP));
    int times = (int) (BATCH_SECONDS / once) + 1;
    int batches = Math.min(MOST_BATCHES, (int) (seconds / (times * once)) + 1);
    double[] all = new double[batches];
    for (int i = -batches; i < batches; i++) { // the first half warms up
      double one = batch.applyAsDouble(times);
      if (i >= 0) {
        all[i] = one;
      }
    }
    Arrays.sort(all);
    if (rank == 0) {
      System.out.printf(Locale.ROOT, "%d\t%.6f%n", bytes, all[batches / 2] * 1e3);
    }
  }
}
