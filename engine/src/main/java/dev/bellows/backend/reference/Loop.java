package dev.bellows.backend.reference;

import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Iterates over several arrays of the same sizes in parallel, without allocating on the way.
 * Dimensions of size 1 are dropped, the others sorted by the strides of the last array (unless the
 * order matters), and adjacent dimensions that are contiguous in all arrays are merged; the
 * innermost dimension that results is iterated in blocks:
 *
 * <pre>
 *   for (int n = loop.next(); n &gt; 0; n = loop.next()) {
 *     // elements i = 0 .. n - 1 of array k are at loop.address[k] + i * loop.step[k]
 *   }
 * </pre>
 */
final class Loop {
  /**
   * Number of elements of a block if values pass through a buffer: small enough for the L1 cache.
   */
  static final int BLOCK = 512;

  /** Address of the first element of the current block, for each array. */
  final long[] address;

  /** Bytes between neighbours of a block, for each array. */
  final long[] step;

  private final long[] sizes;
  private final long[][] strides;
  private final long[] index;
  private final int outer;
  private final long inner;
  private final int limit;
  private final boolean empty;
  private long left;
  private int last;
  private boolean started;

  /**
   * Creates a loop over given dimensions.
   *
   * @param sizes of the dimensions
   * @param strides in bytes, for each array and dimension
   * @param limit maximum number of elements in a block
   * @param rowMajor whether indices must be visited in row-major order
   */
  Loop(long[] sizes, long[][] strides, int limit, boolean rowMajor) {
    int[] order = order(sizes, strides[strides.length - 1], rowMajor);
    int arrays = strides.length;
    long[] s = new long[order.length];
    long[][] t = new long[arrays][order.length];
    int count = 0;
    for (int d : order) {
      boolean join = count > 0;
      for (int k = 0; join && k < arrays; k++) {
        join = t[k][count - 1] == strides[k][d] * sizes[d];
      }
      int place = join ? count - 1 : count++;
      s[place] = join ? s[place] * sizes[d] : sizes[d];
      for (int k = 0; k < arrays; k++) {
        t[k][place] = strides[k][d];
      }
    }
    boolean none = false;
    for (long size : sizes) {
      none |= size == 0;
    }
    this.empty = none;
    this.sizes = s;
    this.strides = t;
    this.outer = Math.max(0, count - 1);
    this.inner = count == 0 ? 1 : s[count - 1];
    this.limit = limit;
    this.index = new long[outer];
    this.address = new long[arrays];
    this.step = new long[arrays];
    for (int k = 0; k < arrays; k++) {
      step[k] = count == 0 ? 0 : t[k][count - 1];
    }
  }

  private static int[] order(long[] sizes, long[] key, boolean rowMajor) {
    int[] order = new int[sizes.length];
    int n = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 1) {
        continue;
      }
      int place = n++;
      while (!rowMajor && place > 0 && key[order[place - 1]] < key[d]) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = d;
    }
    return Arrays.copyOf(order, n);
  }

  /** Returns a loop in any order, in blocks of at most {@link #BLOCK} elements. */
  static Loop of(Strided... arrays) {
    return over(BLOCK, false, arrays);
  }

  /** Returns a loop over arrays of the same sizes, at its start. */
  static Loop over(int limit, boolean rowMajor, Strided... arrays) {
    long[][] strides = new long[arrays.length][];
    for (int k = 0; k < arrays.length; k++) {
      assert Arrays.equals(arrays[k].sizes(), arrays[0].sizes()) : Arrays.toString(arrays);
      strides[k] = byteStrides(arrays[k]);
    }
    Loop loop = new Loop(arrays[0].sizes(), strides, limit, rowMajor);
    for (int k = 0; k < arrays.length; k++) {
      loop.address[k] = arrays[k].address();
    }
    return loop;
  }

  static long[] byteStrides(Strided array) {
    long[] strides = array.strides().clone();
    for (int d = 0; d < strides.length; d++) {
      strides[d] *= array.dtype().bytes();
    }
    return strides;
  }

  /** Returns the size of the largest block: the required buffer length. */
  int block() {
    return empty ? 0 : (int) Math.min(limit, inner);
  }

  /** Restarts the loop, with the first (or only) array at another address. */
  void restart(long first) {
    started = false;
    address[0] = first;
    Arrays.fill(index, 0);
  }

  /** Advances to the next block and returns its number of elements; 0 at the end. */
  int next() {
    if (!started) {
      started = true;
      left = empty ? 0 : inner;
      return take();
    }
    if (left > 0) {
      move(step, last);
      return take();
    }
    if (empty) {
      return 0;
    }
    move(step, last - inner);
    for (int d = outer - 1; d >= 0; d--) {
      if (++index[d] < sizes[d]) {
        for (int k = 0; k < address.length; k++) {
          address[k] += strides[k][d];
        }
        left = inner;
        return take();
      }
      index[d] = 0;
      for (int k = 0; k < address.length; k++) {
        address[k] -= strides[k][d] * (sizes[d] - 1);
      }
    }
    return 0;
  }

  private int take() {
    last = (int) Math.min(limit, left);
    left -= last;
    return last;
  }

  private void move(long[] steps, long count) {
    for (int k = 0; k < address.length; k++) {
      address[k] += steps[k] * count;
    }
  }
}
