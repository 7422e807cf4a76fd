package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Shapes;
import dev.bellows.memory.SizeOverflowException;
import java.util.Arrays;

/** Dimension arguments as PyTorch takes them: negative ones count from the end. */
final class Dims {
  private Dims() {}

  /** Returns a dimension in [0, dims); a scalar counts as having one. */
  static int wrap(String operation, int dim, int dims) {
    int n = Math.max(1, dims);
    if (dim < -n || dim >= n) {
      throw new IndexOutOfBoundsException(
          message(
              "%s: Dimension out of range (expected to be in range of [%s, %s], but got %s)",
              operation, -n, n - 1, dim));
    }
    return dim < 0 ? dim + n : dim;
  }

  /** Works like {@link #wrap}, for what needs a dimension that is there. */
  static int wrapExisting(String operation, int dim, int dims) {
    if (dims == 0) {
      throw new IndexOutOfBoundsException(
          message("%s: Dimension specified as %s but tensor has no dimensions", operation, dim));
    }
    return wrap(operation, dim, dims);
  }

  /** Returns a product of two sizes. */
  static long times(String operation, long a, long b) {
    return numel(operation, a, b);
  }

  /** Returns a sum of two sizes. */
  static long plus(String operation, long a, long b) {
    long sum = a + b;
    if (sum < 0) {
      throw new IllegalArgumentException(
          message("%s: a size must be below 2^63; got the sum of %s and %s", operation, a, b));
    }
    return sum;
  }

  /** Returns the number of elements of a result. */
  static long numel(String operation, long... sizes) {
    try {
      return Shapes.numel(sizes);
    } catch (SizeOverflowException e) {
      throw e.in(operation);
    }
  }

  /** Returns the sizes with the named dimensions (all if none) set to 1. */
  static long[] reduced(String operation, long[] sizes, int... dims) {
    long[] out = sizes.clone();
    if (dims.length == 0) {
      Arrays.fill(out, 1);
      return out;
    }
    boolean[] seen = new boolean[Math.max(1, sizes.length)];
    for (int dim : dims) {
      int d = wrap(operation, dim, sizes.length);
      if (seen[d]) {
        throw new IllegalArgumentException(
            message("%s: dim %s appears multiple times in the list of dims", operation, d));
      }
      seen[d] = true;
      if (sizes.length > 0) {
        out[d] = 1;
      }
    }
    return out;
  }

  /** Returns the sizes without the named dimensions (all if none). */
  static long[] dropped(String operation, long[] sizes, int... dims) {
    if (dims.length == 0 || sizes.length == 0) {
      return new long[0];
    }
    boolean[] gone = new boolean[sizes.length];
    for (int dim : dims) {
      gone[wrap(operation, dim, sizes.length)] = true;
    }
    long[] out = new long[sizes.length];
    int count = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (!gone[d]) {
        out[count++] = sizes[d];
      }
    }
    return Arrays.copyOf(out, count);
  }
}
