package dev.bellows.backend.reference;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Stable sorting and binary search. Each element of a lane is mapped to a long key with the
 * required order (NaN the largest, zeros of both signs equal, negated for descending order), and
 * the indices of the keys are merge sorted: runs of {@link #RUN} by insertion, then runs of twice
 * the length in each round, alternating between two index arrays.
 */
final class SortLoops {
  private static final int RUN = 16;

  /** Number of elements above which sorting all is faster than inserting the best. */
  private static final int MOST_INSERTED = 128;

  private SortLoops() {}

  static void argSort(Strided a, int dim, boolean descending, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    int n = Math.toIntExact(a.size(dim));
    Loop lanes = SoftmaxLoops.lanes(dim, a, out);
    long[] keys = new long[n];
    double[] values = new double[a.dtype().isFloatingPoint() ? n : 0];
    int[] places = new int[n];
    int[] other = new int[n];
    long[] result = new long[n];
    while (lanes.next() > 0) {
      keys(a.dtype(), lanes.address[0], SoftmaxLoops.step(a, dim), n, values, keys);
      turn(descending, keys);
      int[] sorted = sort(keys, n, places, other);
      for (int i = 0; i < n; i++) {
        result[i] = sorted[i];
      }
      Access.store(DType.INT64, lanes.address[1], SoftmaxLoops.step(out, dim), n, result);
    }
  }

  /** Reverses the order of keys. */
  private static void turn(boolean descending, long[] keys) {
    if (descending) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = ~keys[i];
      }
    }
  }

  /**
   * Finds the first places of the sorted order: they are kept sorted, and an element that precedes
   * the last of them is inserted.
   */
  static boolean argTop(Strided a, int dim, boolean descending, Strided out) {
    int count = Math.toIntExact(out.size(dim));
    if (count > MOST_INSERTED) {
      return false;
    }
    if (out.numel() == 0) {
      return true;
    }
    int n = Math.toIntExact(a.size(dim));
    Loop lanes = SoftmaxLoops.lanes(dim, a, out);
    long[] keys = new long[n];
    double[] values = new double[a.dtype().isFloatingPoint() ? n : 0];
    long[] top = new long[count];
    while (lanes.next() > 0) {
      keys(a.dtype(), lanes.address[0], SoftmaxLoops.step(a, dim), n, values, keys);
      turn(descending, keys);
      select(keys, top);
      Access.store(DType.INT64, lanes.address[1], SoftmaxLoops.step(out, dim), count, top);
    }
    return true;
  }

  private static void select(long[] keys, long[] top) {
    int last = top.length - 1;
    for (int i = 0; i < keys.length; i++) {
      if (i <= last || keys[i] < keys[(int) top[last]]) {
        int k = Math.min(i, last);
        while (k > 0 && keys[(int) top[k - 1]] > keys[i]) {
          top[k] = top[k - 1];
          k--;
        }
        top[k] = i;
      }
    }
  }

  private static void keys(DType type, long at, long step, int n, double[] values, long[] keys) {
    if (!type.isFloatingPoint()) {
      Access.load(type, at, step, n, keys);
      return;
    }
    Access.load(type, at, step, n, values);
    for (int i = 0; i < n; i++) {
      keys[i] = key(values[i]);
    }
  }

  /** Maps a double to a long of the same order: NaN is largest, both zeros are equal. */
  private static long key(double value) {
    if (Double.isNaN(value)) {
      return Long.MAX_VALUE;
    }
    long bits = Double.doubleToRawLongBits(value + 0.0); // −0 becomes 0
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  private static int[] sort(long[] keys, int n, int[] places, int[] other) {
    for (int start = 0; start < n; start += RUN) {
      int end = Math.min(n, start + RUN);
      for (int i = start; i < end; i++) {
        int k = i;
        while (k > start && keys[places[k - 1]] > keys[i]) {
          places[k] = places[k - 1];
          k--;
        }
        places[k] = i;
      }
    }
    int[] from = places;
    int[] to = other;
    for (long width = RUN; width < n; width *= 2) {
      for (long start = 0; start < n; start += 2 * width) {
        int middle = (int) Math.min(n, start + width);
        int end = (int) Math.min(n, start + 2 * width);
        merge(keys, from, (int) start, middle, end, to);
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static void merge(long[] keys, int[] from, int start, int middle, int end, int[] to) {
    int left = start;
    int right = middle;
    for (int k = start; k < end; k++) {
      boolean takeLeft = left < middle && (right == end || keys[from[left]] <= keys[from[right]]);
      to[k] = takeLeft ? from[left++] : from[right++];
    }
  }

  static void searchSorted(Strided sorted, Strided values, boolean right, Strided out) {
    if (values.numel() == 0) {
      return;
    }
    int dim = sorted.dim() - 1;
    int n = Math.toIntExact(sorted.size(dim));
    int m = Math.toIntExact(values.size(dim));
    DType type = sorted.dtype();
    long[] row = new long[n];
    long[] wanted = new long[m];
    double[] real = new double[type.isFloatingPoint() ? Math.max(n, m) : 0];
    Loop lanes = SoftmaxLoops.lanes(dim, sorted, values, out);
    while (lanes.next() > 0) {
      keys(type, lanes.address[0], SoftmaxLoops.step(sorted, dim), n, real, row);
      keys(type, lanes.address[1], SoftmaxLoops.step(values, dim), m, real, wanted);
      for (int i = 0; i < m; i++) {
        wanted[i] = search(row, n, wanted[i], right);
      }
      Access.store(DType.INT64, lanes.address[2], SoftmaxLoops.step(out, dim), m, wanted);
    }
  }

  private static long search(long[] row, int n, long wanted, boolean right) {
    int low = 0;
    int high = n;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (row[middle] < wanted || right && row[middle] == wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
