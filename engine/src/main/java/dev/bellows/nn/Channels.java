package dev.bellows.nn;

import java.util.Arrays;

/** Shapes of values per channel. */
final class Channels {
  private Channels() {}

  /** Returns [1, c, 1, ..], which broadcasts to [n, c, ..]; [c] for one dimension. */
  static long[] shape(int dims, long c) {
    long[] shape = new long[dims];
    Arrays.fill(shape, 1);
    shape[dims == 1 ? 0 : 1] = c;
    return shape;
  }
}
