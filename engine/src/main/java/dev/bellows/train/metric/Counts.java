package dev.bellows.train.metric;

import java.util.Arrays;

/** A metric that follows from counts. */
abstract class Counts extends RunningMetric {
  final long[] counts;

  Counts(int number) {
    counts = new long[number];
  }

  @Override
  public final void reset() {
    Arrays.fill(counts, 0);
  }

  @Override
  public final long[] state() {
    return counts.clone();
  }

  @Override
  public final void mergeState(long... state) {
    requireLength(counts.length, state);
    for (int i = 0; i < counts.length; i++) {
      counts[i] += state[i];
    }
  }
}
