package dev.bellows.train.metric;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * The area under the ROC curve of two classes: how often a row of class 1 has a larger score than a
 * row of class 0, where equal scores count half. NaN if a class has no rows. Takes memory for each
 * different score. Source: scikit-learn's {@code roc_auc_score}.
 */
public final class RocAuc extends RunningMetric {
  private static final int PER_SCORE = 3;
  private static final int LEAST_RECENT = 1 << 16;

  /** By rising score: its key, its rows of class 0, its rows of class 1. */
  private long[] known = {};

  private final long[][] recent = new long[2][16]; // keys of rows of class 0 and of class 1
  private final int[] recents = new int[2];

  /** Creates the metric. */
  public RocAuc() {}

  /**
   * Collects a batch.
   *
   * @param predictions scores [..], without NaN
   * @param targets of the same shape, 0 or 1
   */
  @Override
  public void update(Tensor predictions, Tensor targets) {
    if (!Arrays.equals(predictions.shape(), targets.shape())) {
      throw refusal("predictions and targets must have the same shape", predictions, targets);
    }
    double[] scores = predictions.toDoubleArray();
    double[] truths = targets.toDoubleArray();
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i]) || truths[i] != 0 && truths[i] != 1) {
        throw new IllegalArgumentException(
            message(
                "RocAuc: scores must be numbers and targets 0 or 1; got score %s, target %s",
                scores[i], truths[i]));
      }
    }
    for (int i = 0; i < scores.length; i++) {
      add(key(scores[i]), (int) truths[i]);
    }
  }

  /** Returns a number that is larger for a larger score. */
  private static long key(double score) {
    long bits = Double.doubleToRawLongBits(score + 0.0); // -0 is 0
    return bits ^ bits >> 63 & Long.MAX_VALUE;
  }

  private void add(long key, int truth) {
    if (recents[truth] == recent[truth].length) {
      recent[truth] = Arrays.copyOf(recent[truth], 2 * recents[truth]);
    }
    recent[truth][recents[truth]++] = key;
    if (recents[0] + recents[1] >= Math.max(LEAST_RECENT, known.length / PER_SCORE)) {
      compact();
    }
  }

  /** Counts recent rows with the others. */
  private void compact() {
    for (int truth = 0; truth < 2; truth++) {
      known = merged(known, runs(truth));
      recents[truth] = 0;
    }
  }

  private long[] runs(int truth) {
    long[] keys = recent[truth];
    Arrays.sort(keys, 0, recents[truth]);
    long[] runs = new long[recents[truth] * PER_SCORE];
    int at = 0;
    for (int i = 0; i < recents[truth]; i++) {
      if (i > 0 && keys[i] != keys[i - 1]) {
        at += PER_SCORE;
      }
      runs[at] = keys[i];
      runs[at + 1 + truth]++;
    }
    return recents[truth] == 0 ? runs : Arrays.copyOf(runs, at + PER_SCORE);
  }

  private static long[] merged(long[] a, long... b) {
    long[] out = new long[a.length + b.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      boolean fromA = j == b.length || i < a.length && a[i] <= b[j];
      boolean fromB = i == a.length || j < b.length && b[j] <= a[i];
      out[n] = fromA ? a[i] : b[j];
      for (int count = 1; count < PER_SCORE; count++) {
        out[n + count] = (fromA ? a[i + count] : 0) + (fromB ? b[j + count] : 0);
      }
      n += PER_SCORE;
      i += fromA ? PER_SCORE : 0;
      j += fromB ? PER_SCORE : 0;
    }
    return Arrays.copyOf(out, n);
  }

  @Override
  public double compute() {
    compact();
    long pairs = 0; // twice the number of those in the right order
    long[] rows = new long[2];
    for (int i = 0; i < known.length; i += PER_SCORE) {
      long lower = 2 * rows[0] + known[i + 1];
      pairs = Math.addExact(pairs, Math.multiplyExact(known[i + 2], lower));
      rows[0] += known[i + 1];
      rows[1] += known[i + 2];
    }
    return pairs / (2.0 * rows[0] * rows[1]);
  }

  @Override
  public void reset() {
    known = new long[0];
    Arrays.fill(recents, 0);
  }

  @Override
  public long[] state() {
    compact();
    return known.clone();
  }

  @Override
  public void mergeState(long... state) {
    compact();
    requireLength(state.length - state.length % PER_SCORE, state);
    known = merged(known, state);
  }
}
