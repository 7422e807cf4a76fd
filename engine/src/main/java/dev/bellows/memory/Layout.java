package dev.bellows.memory;

import java.util.Arrays;

/**
 * The sizes of a dense array and the order of its elements in memory.
 *
 * @param sizes of the dimensions
 * @param strides in elements
 * @param inside whether the order is private to the engine: the array looks row-major to everybody
 *     who asks, and is laid out so when its plain memory is first needed ({@link
 *     Storage#reordered})
 */
public record Layout(long[] sizes, long[] strides, boolean inside) {
  /** Row-major. */
  public static Layout contiguous(long... sizes) {
    return new Layout(sizes, Shapes.contiguousStrides(sizes), false);
  }

  /**
   * Images [n, c, h, w] with channels next to each other: visible in the strides where the user's
   * own images lie so, else inside. Row-major where the two orders are the same.
   */
  public static Layout channelsLast(long[] sizes, boolean visible) {
    long[] strides = Shapes.channelsLastStrides(sizes);
    return visible || !Shapes.isContiguous(sizes, strides)
        ? new Layout(sizes, strides, !visible)
        : contiguous(sizes);
  }

  /** The order of an array, as it really lies in memory; row-major where that has holes. */
  public static Layout like(Strided array) {
    Strided real = array.physical();
    return real.isDense()
        ? new Layout(real.sizes(), real.strides(), real != array)
        : contiguous(real.sizes());
  }

  /** Whether elements lie, and are seen to lie, in row-major order. */
  public boolean isContiguous() {
    return !inside && Shapes.isContiguous(sizes, strides);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that
        && inside == that.inside
        && Arrays.equals(sizes, that.sizes)
        && Arrays.equals(strides, that.strides);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(strides) + Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes)
        + " strides "
        + Arrays.toString(strides)
        + (inside ? ", seen as row-major" : "");
  }
}
