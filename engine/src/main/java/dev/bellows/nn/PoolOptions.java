package dev.bellows.nn;

import dev.bellows.ops.PoolGeometry;

/**
 * Options that all poolings share. Immutable: each method returns options with one of them changed.
 * Numbers are for all spatial dimensions, or one for each. Defaults: stride as the window, padding
 * 0, without ceil mode.
 *
 * @param <O> the subclass
 */
public abstract class PoolOptions<O extends PoolOptions<O>> extends ChangedByCopy<O> {
  private int[] stride;
  private int[] padding = {0};
  private boolean ceilMode;

  PoolOptions() {}

  /** Sets the distance of windows, at least 1. */
  public final O stride(int... sizes) {
    O changed = clone();
    ((PoolOptions<O>) changed).stride = sizes.clone();
    return changed;
  }

  /** Sets the number of elements added on each side, at most half of the window. */
  public final O padding(int... sizes) {
    O changed = clone();
    ((PoolOptions<O>) changed).padding = sizes.clone();
    return changed;
  }

  /**
   * Sets whether sizes are rounded up, so that the last window may reach beyond the input; it must
   * begin within the input or the padding in front of it.
   */
  public final O ceilMode(boolean up) {
    O changed = clone();
    ((PoolOptions<O>) changed).ceilMode = up;
    return changed;
  }

  final int[] stride(String operation, int dims, int... kernel) {
    return stride == null
        ? PerDimension.of(operation, "kernel_size", dims, kernel)
        : PerDimension.of(operation, "stride", dims, stride);
  }

  final int[] padding(String operation, int dims) {
    return PerDimension.of(operation, "padding", dims, padding);
  }

  final boolean isCeilMode() {
    return ceilMode;
  }

  /**
   * Checks the numbers of a layer.
   *
   * @throws IllegalArgumentException if one is out of range, or padding is more than half of the
   *     window
   */
  public final void check(String layer, int dims, int... kernel) {
    geometry(layer, dims, kernel).check(layer);
  }

  /** Returns the geometry of windows with these options. */
  final PoolGeometry geometry(String operation, int dims, int... kernel) {
    return new PoolGeometry(
        PerDimension.of(operation, "kernel_size", dims, kernel),
        stride(operation, dims, kernel),
        padding(operation, dims),
        dilation(operation, dims),
        ceilMode);
  }

  int[] dilation(String operation, int dims) {
    return PerDimension.of(operation, "dilation", dims, 1);
  }

  /** Returns window and options as PyTorch prints a layer of them. */
  public String describe(int... kernel) {
    return "kernel_size="
        + text(kernel)
        + ", stride="
        + text(stride == null ? kernel : stride)
        + ", padding="
        + text(padding);
  }

  static String text(int... sizes) {
    for (int size : sizes) {
      if (size != sizes[0]) {
        return java.util.Arrays.toString(sizes).replace('[', '(').replace(']', ')');
      }
    }
    return Integer.toString(sizes[0]);
  }
}
