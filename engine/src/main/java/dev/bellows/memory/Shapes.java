package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;

/** Arithmetic on sizes and strides, both in elements, outermost dimension first. */
public final class Shapes {
  /** Dimensions of [n, c, h, w] in channels-last order, innermost first. */
  private static final int[] CHANNELS_LAST = {1, 3, 2, 0};

  private Shapes() {}

  /**
   * Returns the number of elements; 1 for the shape of a scalar.
   *
   * @throws SizeOverflowException if it exceeds a long
   */
  public static long numel(long[] sizes) {
    long n = 1;
    for (long size : sizes) {
      if (Math.multiplyHigh(n, size) != (n * size) >> 63) {
        if (isEmpty(sizes)) {
          return 0;
        }
        throw overflow("number of elements", sizes);
      }
      n *= size;
    }
    return n;
  }

  /**
   * Returns the number of bytes of an array.
   *
   * @throws SizeOverflowException if it exceeds a long
   */
  public static long bytes(DType dtype, long... sizes) {
    long n = numel(sizes);
    if (n > Long.MAX_VALUE / dtype.bytes()) {
      throw overflow("number of bytes in " + dtype, sizes);
    }
    return n * dtype.bytes();
  }

  private static SizeOverflowException overflow(String what, long... sizes) {
    return new SizeOverflowException(
        message(
            "Storage size calculation overflowed: %s must be below 2^63; got sizes %s",
            what, sizes));
  }

  /** Returns whether there are no elements: then all strides are equivalent. */
  private static boolean isEmpty(long[] sizes) {
    for (long size : sizes) {
      if (size == 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the row-major strides. */
  public static long[] contiguousStrides(long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, sizes[d]);
    }
    return strides;
  }

  /** Returns the channels-last strides of sizes [n, c, h, w]. */
  public static long[] channelsLastStrides(long[] sizes) {
    long c = Math.max(1, sizes[1]);
    long h = Math.max(1, sizes[2]);
    long w = Math.max(1, sizes[3]);
    return new long[] {c * h * w, 1, c * w, c};
  }

  /** Returns whether strides are row-major; strides of dimensions of size 1 are ignored. */
  public static boolean isContiguous(long[] sizes, long[] strides) {
    if (isEmpty(sizes)) {
      return true;
    }
    long expected = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      if (sizes[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= sizes[d];
    }
    return true;
  }

  /** Returns whether a 4-d array is stored in memory as [n, h, w, c]. */
  public static boolean isChannelsLast(long[] sizes, long[] strides) {
    if (sizes.length != 4) {
      return false;
    }
    if (isEmpty(sizes)) {
      return true;
    }
    long expected = 1;
    for (int d : CHANNELS_LAST) {
      if (sizes[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= sizes[d];
    }
    return true;
  }

  /** Implements {@link Strided#suggestsChannelsLast()}. */
  static boolean suggestsChannelsLast(long[] sizes, long[] strides) {
    if (sizes.length != 4 || strides[1] == 0) {
      return false;
    }
    long least = 0;
    for (int d : CHANNELS_LAST) {
      if (sizes[d] == 0 || strides[d] < least || d == 0 && least == strides[1]) {
        return false;
      }
      least = strides[d] * sizes[d];
    }
    return true;
  }

  /** Returns whether every element of a contiguous memory range belongs to exactly one index. */
  public static boolean isDense(long[] sizes, long[] strides) {
    if (isContiguous(sizes, strides)) {
      return true;
    }
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, d -> d);
    Arrays.sort(order, (x, y) -> Long.compare(strides[x], strides[y]));
    long expected = 1;
    for (int d : order) {
      if (sizes[d] == 1) {
        continue;
      }
      if (strides[d] != expected) {
        return false;
      }
      expected *= sizes[d];
    }
    return true;
  }

  /**
   * Returns the broadcast shape of two arrays: trailing dimensions are paired, and the sizes of
   * each pair must be equal or one of them 1.
   *
   * @throws IllegalArgumentException naming the operation and both shapes
   */
  public static long[] broadcast(String operation, long[] a, long[] b) {
    int dims = Math.max(a.length, b.length);
    long[] out = new long[dims];
    for (int d = 1; d <= dims; d++) {
      long x = d <= a.length ? a[a.length - d] : 1;
      long y = d <= b.length ? b[b.length - d] : 1;
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(
            String.format(
                java.util.Locale.ROOT,
                "%s: The size of tensor a (%d) must match the size of tensor b (%d) at"
                    + " non-singleton dimension %d; got %s and %s",
                operation,
                x,
                y,
                dims - d,
                Arrays.toString(a),
                Arrays.toString(b)));
      }
      out[dims - d] = x == 1 ? y : x;
    }
    return out;
  }
}
