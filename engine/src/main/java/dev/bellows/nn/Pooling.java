package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.ops.MaxPool2d;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Maximum pooling, and its inverse. */
final class Pooling {
  private static final MaxPoolOptions DEFAULTS = new MaxPoolOptions();

  private Pooling() {}

  /** Returns the maximum of each window of signals; the stride equals the window size. */
  public static Tensor maxPool1d(Tensor x, int kernel) {
    return maxPool1d(x, kernel, DEFAULTS);
  }

  /**
   * Returns the maximum of each window of signals; padding never wins, and among equal maxima the
   * gradient goes to the first.
   *
   * @param x [n, c, l] or [c, l]
   * @return [n, c, outL] or [c, outL] with outL = (l + 2·padding − dilation·(kernel − 1) − 1) /
   *     stride + 1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool1d(Tensor x, int kernel, MaxPoolOptions options) {
    return max(1, x, new int[] {kernel}, options);
  }

  /**
   * Computes {@link #maxPool1d(Tensor, int, MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in [0, l)
   */
  public static ValuesAndIndices maxPool1dWithIndices(
      Tensor x, int kernel, MaxPoolOptions options) {
    return maxWithIndices(1, x, new int[] {kernel}, options);
  }

  /** Returns the maximum of each square window; the stride equals the window size. */
  public static Tensor maxPool2d(Tensor x, int kernel) {
    return maxPool2d(x, kernel, DEFAULTS);
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return maxPool2d(x, kernel, DEFAULTS.stride(stride).padding(padding));
  }

  /** Returns the maximum of each square window. */
  public static Tensor maxPool2d(Tensor x, int kernel, MaxPoolOptions options) {
    return maxPool2d(x, new int[] {kernel}, options);
  }

  /**
   * Returns the maximum of each window; padding never wins, and among equal maxima the gradient
   * goes to the first.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of the window, or one number for both
   * @return [n, c, outH, outW] or [c, outH, outW] with outH = (h + 2·padding − dilation·(kernel −
   *     1) − 1) / stride + 1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool2d(Tensor x, int[] kernel, MaxPoolOptions options) {
    return max(2, x, kernel, options);
  }

  /**
   * Returns the maximum of each window; among equal maxima the gradient goes to the first.
   *
   * @param x [n, c, h, w]
   * @return [n, c, (h + 2·padH − kernelH) / strideH + 1, (w + 2·padW − kernelW) / strideW + 1]
   */
  public static Tensor maxPool2d(Tensor x, Pool2dArgs args) {
    return MaxPool2d.of(x, args);
  }

  /**
   * Computes {@link #maxPool2d(Tensor, int[], MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in an image, row · w + column
   */
  public static ValuesAndIndices maxPool2dWithIndices(
      Tensor x, int[] kernel, MaxPoolOptions options) {
    return maxWithIndices(2, x, kernel, options);
  }

  /** Returns the maximum of each cubic window; the stride equals the window size. */
  public static Tensor maxPool3d(Tensor x, int kernel) {
    return maxPool3d(x, kernel, DEFAULTS);
  }

  /** Returns the maximum of each cubic window. */
  public static Tensor maxPool3d(Tensor x, int kernel, MaxPoolOptions options) {
    return maxPool3d(x, new int[] {kernel}, options);
  }

  /**
   * Returns the maximum of each window of volumes; padding never wins, and among equal maxima the
   * gradient goes to the first.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel depth, rows and columns of the window, or one number for all
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW], each as in {@link #maxPool2d(Tensor,
   *     int[], MaxPoolOptions)}
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor maxPool3d(Tensor x, int[] kernel, MaxPoolOptions options) {
    return max(3, x, kernel, options);
  }

  /**
   * Computes {@link #maxPool3d(Tensor, int[], MaxPoolOptions)} and where the maxima were.
   *
   * @return the maxima, and their places in a volume, (depth · h + row) · w + column
   */
  public static ValuesAndIndices maxPool3dWithIndices(
      Tensor x, int[] kernel, MaxPoolOptions options) {
    return maxWithIndices(3, x, kernel, options);
  }

  /**
   * Returns the maximum of each of {@code outputSize} parts of signals, of sizes as equal as
   * possible.
   *
   * @param x [n, c, l] or [c, l]
   * @param outputSize null for l
   */
  public static Tensor adaptiveMaxPool1d(Tensor x, Integer outputSize) {
    return adaptiveMaxPool1dWithIndices(x, outputSize).values();
  }

  /** Computes {@link #adaptiveMaxPool1d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool1dWithIndices(Tensor x, Integer outputSize) {
    return adaptive(1, x, outputSize);
  }

  /**
   * Returns the maximum of each of outH · outW parts of images, of sizes as equal as possible.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param outputSize rows and columns, or one number for both; null for the size of the input
   */
  public static Tensor adaptiveMaxPool2d(Tensor x, Integer... outputSize) {
    return adaptiveMaxPool2dWithIndices(x, outputSize).values();
  }

  /** Computes {@link #adaptiveMaxPool2d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool2dWithIndices(Tensor x, Integer... outputSize) {
    return adaptive(2, x, outputSize);
  }

  /**
   * Returns the maximum of each of outD · outH · outW parts of volumes, of sizes as equal as
   * possible.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param outputSize depth, rows and columns, or one number for all; null for the size of the
   *     input
   */
  public static Tensor adaptiveMaxPool3d(Tensor x, Integer... outputSize) {
    return adaptiveMaxPool3dWithIndices(x, outputSize).values();
  }

  /** Computes {@link #adaptiveMaxPool3d} and where the maxima were. */
  public static ValuesAndIndices adaptiveMaxPool3dWithIndices(Tensor x, Integer... outputSize) {
    return adaptive(3, x, outputSize);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, int[], MaxPoolOptions)} of signals. */
  public static Tensor maxUnpool1d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    return maxUnpool1d(x, indices, unpooled("maxUnpool1d", 1, x, kernel, options));
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, long...)} of signals. */
  public static Tensor maxUnpool1d(Tensor x, Tensor indices, long... outputSize) {
    return unpool("maxUnpool1d", 1, x, indices, outputSize);
  }

  /**
   * Puts maxima back where they were, into zeros of size (h − 1)·stride − 2·padding + kernel.
   *
   * @param indices as {@link #maxPool2dWithIndices} returns them
   */
  public static Tensor maxUnpool2d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    return maxUnpool2d(x, indices, unpooled("maxUnpool2d", 2, x, kernel, options));
  }

  /**
   * Puts maxima back where they were, into zeros.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param indices INT64 of x's shape, as {@link #maxPool2dWithIndices} returns them; if a place
   *     comes twice, the last value counts
   * @param outputSize sizes of the images
   * @throws IllegalArgumentException if shapes or types do not agree
   * @throws IndexOutOfBoundsException if an index is outside of the image
   */
  public static Tensor maxUnpool2d(Tensor x, Tensor indices, long... outputSize) {
    return unpool("maxUnpool2d", 2, x, indices, outputSize);
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, int[], MaxPoolOptions)} of volumes. */
  public static Tensor maxUnpool3d(Tensor x, Tensor indices, int[] kernel, MaxPoolOptions options) {
    return maxUnpool3d(x, indices, unpooled("maxUnpool3d", 3, x, kernel, options));
  }

  /** Computes {@link #maxUnpool2d(Tensor, Tensor, long...)} of volumes. */
  public static Tensor maxUnpool3d(Tensor x, Tensor indices, long... outputSize) {
    return unpool("maxUnpool3d", 3, x, indices, outputSize);
  }

  /** Returns the maxima by the kernel if it has such windows. */
  private static Tensor max(int dims, Tensor x, int[] kernel, MaxPoolOptions options) {
    String name = "maxPool" + dims + "d";
    int[] k = PerDimension.of(name, "kernel_size", dims, kernel);
    int[] d = options.dilation(name, dims);
    boolean dense = Arrays.stream(d).allMatch(size -> size == 1);
    boolean small = dims < 3 && MaxPool2d.fits(k[0], k[k.length - 1]);
    if (!dense || !small || options.isCeilMode()) {
      return maxWithIndices(dims, x, kernel, options).values();
    }
    int[] s = options.stride(name, dims, k);
    int[] p = options.padding(name, dims);
    options.geometry(name, dims, k).outputShape(name, x);
    k = PerDimension.ofTwo(1, k);
    s = PerDimension.ofTwo(1, s);
    p = PerDimension.ofTwo(0, p);
    Pool2dArgs args = new Pool2dArgs(k[0], k[1], s[0], s[1], p[0], p[1]);
    UnaryOperator<Tensor> pool = images -> MaxPool2d.of(images, args);
    if (dims == 1) {
      UnaryOperator<Tensor> images = pool;
      pool = signals -> images.apply(signals.unsqueeze(2)).squeeze(2);
    }
    return x.dim() == dims + 1 ? pool.apply(x.unsqueeze(0)).squeeze(0) : pool.apply(x);
  }

  private static ValuesAndIndices maxWithIndices(
      int dims, Tensor x, int[] kernel, MaxPoolOptions options) {
    String name = "maxPool" + dims + "d";
    int[] k = PerDimension.of(name, "kernel_size", dims, kernel);
    int[] s = options.stride(name, dims, k);
    int[] p = options.padding(name, dims);
    int[] d = options.dilation(name, dims);
    long[] shape = options.geometry(name, dims, k).outputShape(name, x);
    AxisWindows[] windows = new AxisWindows[dims];
    for (int i = 0; i < dims; i++) {
      int axis = x.dim() - dims + i;
      windows[i] = AxisWindows.sliding(name, x.size(axis), k[i], s[i], p[i], d[i], shape[axis]);
    }
    return winners(x, windows);
  }

  private static ValuesAndIndices adaptive(int dims, Tensor x, Integer... outputSize) {
    return winners(x, AveragePooling.adaptiveWindows("adaptiveMaxPool", dims, x, outputSize));
  }

  /** Finds the winners without recording, then picks them, which has gradients of every order. */
  @SuppressWarnings("try")
  private static ValuesAndIndices winners(Tensor x, AxisWindows... windows) {
    int first = x.dim() - windows.length;
    Tensor places;
    try (GradMode mode = GradMode.noGrad()) {
      places = places(x, windows);
    }
    Tensor values =
        x.flatten(first, -1).gather(first, places.flatten(first, -1)).reshape(places.shape());
    return new ValuesAndIndices(values, places);
  }

  /**
   * Returns the places of the maxima, [.., out…] of INT64. From the last dimension to the first,
   * each window is replaced by its maximum; the first of equals along all dimensions is then the
   * first in the order of places.
   */
  private static Tensor places(Tensor x, AxisWindows... windows) {
    Tensor values = x.detach();
    Tensor places = null;
    long step = 1;
    for (int i = windows.length - 1; i >= 0; i--) {
      int axis = x.dim() - windows.length + i;
      Tensor all = windows[i].of(values, axis);
      ValuesAndIndices best = all.max(axis + 1, true);
      Tensor along =
          windows[i]
              .placesAlong(all, axis)
              .expand(all.shape())
              .gather(axis + 1, best.indices())
              .mul(step);
      if (places != null) {
        along = along.add(windows[i].of(places, axis).gather(axis + 1, best.indices()));
      }
      values = best.values().squeeze(axis + 1);
      places = along.squeeze(axis + 1);
      step *= x.size(axis);
    }
    return places;
  }

  private static long[] unpooled(
      String name, int dims, Tensor x, int[] kernel, MaxPoolOptions options) {
    int[] k = PerDimension.of(name, "kernel_size", dims, kernel);
    int[] s = options.stride(name, dims, k);
    int[] p = options.padding(name, dims);
    requireDims(name, dims, x);
    long[] sizes = new long[dims];
    for (int i = 0; i < dims; i++) {
      sizes[i] = (x.size(x.dim() - dims + i) - 1) * s[i] - 2L * p[i] + k[i];
    }
    return sizes;
  }

  private static void requireDims(String name, int dims, Tensor x) {
    if (x.dim() != dims + 1 && x.dim() != dims + 2) {
      throw new IllegalArgumentException(
          message(
              "%s: Input to %s should be a %sd or %sd Tensor; got %s",
              name, name, dims + 1, dims + 2, x.shape()));
    }
  }

  private static Tensor unpool(
      String name, int dims, Tensor x, Tensor indices, long... outputSize) {
    Inputs.requireFloating(name, x);
    requireDims(name, dims, x);
    if (outputSize.length != dims || Arrays.stream(outputSize).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          message(
              "%s: There should be exactly %s positive elements in output_size, but got %s",
              name, dims, outputSize));
    }
    if (indices.dtype() != DType.INT64 || !Arrays.equals(indices.shape(), x.shape())) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected indices to be INT64 of the same shape as the input; got %s %s, input"
                  + " %s",
              name, indices.dtype(), indices.shape(), x.shape()));
    }
    int first = x.dim() - dims;
    long[] shape = Arrays.copyOf(x.shape(), x.dim());
    System.arraycopy(outputSize, 0, shape, first, dims);
    Tensor zeros = x.newZeros(shape);
    Tensor flat = zeros.flatten(first, -1);
    return flat.scatter(first, indices.flatten(first, -1), x.flatten(first, -1)).reshape(shape);
  }
}
