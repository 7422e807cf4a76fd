package dev.bellows.ops;

import dev.bellows.memory.Strided;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Repeating elements over missing dimensions, and summing gradients back over them. */
public final class Broadcasting {
  private Broadcasting() {}

  /**
   * Returns the same memory seen with {@code sizes}, by strides of 0; the shapes are known to
   * broadcast.
   */
  static Strided expand(Strided s, long[] sizes) {
    if (Arrays.equals(s.sizes(), sizes)) {
      return s;
    }
    long[] strides = new long[sizes.length];
    int missing = sizes.length - s.dim();
    for (int d = missing; d < sizes.length; d++) {
      strides[d] = s.size(d - missing) == 1 ? 0 : s.stride(d - missing);
    }
    return s.with(sizes, strides, s.offset());
  }

  /**
   * Sums a gradient over the dimensions that an input of shape {@code sizes} was repeated along.
   */
  public static Tensor sumTo(Tensor grad, long[] sizes) {
    long[] have = grad.shape();
    if (Arrays.equals(have, sizes)) {
      return grad;
    }
    int missing = have.length - sizes.length;
    int[] dims = new int[have.length];
    int count = 0;
    for (int d = 0; d < have.length; d++) {
      if (d < missing || (sizes[d - missing] == 1 && have[d] != 1)) {
        dims[count++] = d;
      }
    }
    return grad.sum(Arrays.copyOf(dims, count), true).reshape(sizes);
  }

  /** Returns whether a tensor of shape {@code sizes} can be repeated to {@code target}. */
  public static boolean isExpandable(long[] sizes, long[] target) {
    int missing = target.length - sizes.length;
    if (missing < 0) {
      return false;
    }
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] != 1 && sizes[d] != target[d + missing]) {
        return false;
      }
    }
    return true;
  }
}
