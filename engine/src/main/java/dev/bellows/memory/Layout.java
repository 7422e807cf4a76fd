package dev.bellows.memory;

import java.util.Arrays;

/**
 * The sizes of a dense array and the order of its elements in memory.
 *
 * @param sizes of the dimensions
 * @param strides in elements
 * @param inside whether the order is internal to the engine: the array reports row-major strides,
 *     and its memory is converted to row-major order when it is first accessed directly ({@link
 *     Storage#reordered})
 */
public record Layout(long[] sizes, long[] strides, boolean inside) {
  /** Returns the row-major layout of the given sizes. */
  public static Layout contiguous(long... sizes) {
    return new Layout(sizes, Shapes.contiguousStrides(sizes), false);
  }

  /**
   * Returns the channels-last layout of images [n, c, h, w]. The order shows in the strides if
   * {@code visible} (the user's own images are channels-last), otherwise it is internal. Row-major
   * if the two orders are the same.
   */
  public static Layout channelsLast(long[] sizes, boolean visible) {
    long[] strides = Shapes.channelsLastStrides(sizes);
    return visible || !Shapes.isContiguous(sizes, strides)
        ? new Layout(sizes, strides, !visible)
        : contiguous(sizes);
  }

  /** Returns the layout of an array as it is stored in memory; row-major if the array has holes. */
  public static Layout like(Strided array) {
    Strided real = array.physical();
    return real.isDense()
        ? new Layout(real.sizes(), real.strides(), real != array)
        : contiguous(real.sizes());
  }

  /** Returns whether elements are stored in row-major order and reported so. */
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
