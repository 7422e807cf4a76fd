package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Average pooling and power-average pooling, one dimension after the other. */
final class AveragePooling {
  private static final AvgPoolOptions DEFAULTS = new AvgPoolOptions();

  private AveragePooling() {}

  /** Returns the mean of each window of signals; the stride equals the window size. */
  public static Tensor avgPool1d(Tensor x, int kernel) {
    return avgPool1d(x, kernel, DEFAULTS);
  }

  /**
   * Returns the mean of each window of signals.
   *
   * @param x [n, c, l] or [c, l]
   * @return [n, c, outL] or [c, outL] with outL = (l + 2·padding − kernel) / stride + 1, rounded up
   *     in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool1d(Tensor x, int kernel, AvgPoolOptions options) {
    return average(1, x, new int[] {kernel}, options);
  }

  /** Returns the mean of each square window; the stride equals the window size. */
  public static Tensor avgPool2d(Tensor x, int kernel) {
    return avgPool2d(x, kernel, DEFAULTS);
  }

  /** Returns the mean of each square window. */
  public static Tensor avgPool2d(Tensor x, int kernel, AvgPoolOptions options) {
    return avgPool2d(x, new int[] {kernel}, options);
  }

  /**
   * Returns the mean of each window.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel rows and columns of the window, or one number for both
   * @return [n, c, outH, outW] or [c, outH, outW] with outH = (h + 2·padding − kernel) / stride +
   *     1, rounded up in ceil mode
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool2d(Tensor x, int[] kernel, AvgPoolOptions options) {
    return average(2, x, kernel, options);
  }

  /** Returns the mean of each cubic window; the stride equals the window size. */
  public static Tensor avgPool3d(Tensor x, int kernel) {
    return avgPool3d(x, kernel, DEFAULTS);
  }

  /** Returns the mean of each cubic window. */
  public static Tensor avgPool3d(Tensor x, int kernel, AvgPoolOptions options) {
    return avgPool3d(x, new int[] {kernel}, options);
  }

  /**
   * Returns the mean of each window of volumes.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel depth, rows and columns of the window, or one number for all
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW], each as in {@link #avgPool2d(Tensor,
   *     int[], AvgPoolOptions)}
   * @throws IllegalArgumentException if a number is out of range, padding is more than half of the
   *     window, or nothing would come out
   */
  public static Tensor avgPool3d(Tensor x, int[] kernel, AvgPoolOptions options) {
    return average(3, x, kernel, options);
  }

  /**
   * Returns the mean of each of {@code outputSize} parts of signals, of sizes as equal as possible.
   *
   * @param x [n, c, l] or [c, l]
   * @param outputSize null for l
   */
  public static Tensor adaptiveAvgPool1d(Tensor x, Integer outputSize) {
    return adaptive(1, x, outputSize);
  }

  /**
   * Returns the mean of each of outH · outW parts of images, of sizes as equal as possible.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param outputSize rows and columns, or one number for both; null for the size of the input
   */
  public static Tensor adaptiveAvgPool2d(Tensor x, Integer... outputSize) {
    return adaptive(2, x, outputSize);
  }

  /**
   * Returns the mean of each of outD · outH · outW parts of volumes, of sizes as equal as possible.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param outputSize depth, rows and columns, or one number for all; null for the size of the
   *     input
   */
  public static Tensor adaptiveAvgPool3d(Tensor x, Integer... outputSize) {
    return adaptive(3, x, outputSize);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of signals.
   *
   * @param stride null for the window size
   */
  public static Tensor lpPool1d(Tensor x, double p, int kernel, Integer stride, boolean ceilMode) {
    int[] steps = stride == null ? null : new int[] {stride};
    return powerAverage(1, x, p, new int[] {kernel}, steps, ceilMode);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of images.
   *
   * @param kernel rows and columns, or one number for both
   * @param stride likewise; null for the window size
   */
  public static Tensor lpPool2d(Tensor x, double p, int[] kernel, int[] stride, boolean ceilMode) {
    return powerAverage(2, x, p, kernel, stride, ceilMode);
  }

  /**
   * Computes (Σ xᵖ)^(1/p) of each window of volumes.
   *
   * @param kernel depth, rows and columns, or one number for all
   * @param stride likewise; null for the window size
   */
  public static Tensor lpPool3d(Tensor x, double p, int[] kernel, int[] stride, boolean ceilMode) {
    return powerAverage(3, x, p, kernel, stride, ceilMode);
  }

  private static Tensor powerAverage(
      int dims, Tensor x, double p, int[] kernel, int[] stride, boolean ceilMode) {
    int[] k = PerDimension.of("lpPool" + dims + "d", "kernel_size", dims, kernel);
    AvgPoolOptions options = DEFAULTS.ceilMode(ceilMode);
    Tensor mean = average(dims, x.pow(p), k, stride == null ? options : options.stride(stride));
    double elements = Arrays.stream(k).asDoubleStream().reduce(1, (a, b) -> a * b);
    return mean.sign().mul(mean.abs().relu()).mul(elements).pow(1 / p);
  }

  private static Tensor average(int dims, Tensor x, int[] kernel, AvgPoolOptions options) {
    String name = "avgPool" + dims + "d";
    int[] k = PerDimension.of(name, "kernel_size", dims, kernel);
    int[] s = options.stride(name, dims, k);
    int[] p = options.padding(name, dims);
    long[] shape = options.geometry(name, dims, k).outputShape(name, x);
    Integer divisor = options.divisor();
    if (divisor != null && divisor == 0) {
      throw new IllegalArgumentException(message("%s: divisor must be not zero; got 0", name));
    }
    AxisWindows[] windows = new AxisWindows[dims];
    for (int d = 0; d < dims; d++) {
      int axis = x.dim() - dims + d;
      windows[d] = AxisWindows.sliding(name, x.size(axis), k[d], s[d], p[d], 1, shape[axis]);
    }
    return mean(x, divisor, options.countsPadding(), windows);
  }

  private static Tensor adaptive(int dims, Tensor x, Integer... outputSize) {
    return mean(x, null, false, adaptiveWindows("adaptiveAvgPool", dims, x, outputSize));
  }

  /**
   * Returns the windows of an adaptive pooling.
   *
   * @throws IllegalArgumentException if x has another number of dimensions, a size other than n is
   *     0, or an output size is negative
   */
  static AxisWindows[] adaptiveWindows(
      String operation, int dims, Tensor x, Integer... outputSize) {
    String name = operation + dims + "d";
    boolean fits = x.dim() == dims + 1 || x.dim() == dims + 2;
    for (int d = Math.max(0, x.dim() - dims); fits && d < x.dim(); d++) {
      fits = x.size(d) > 0;
    }
    if (!fits || !x.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected %sD or %sD floating-point tensor with non-zero size for non-batch"
                  + " dimensions; got %s %s",
              name, dims + 1, dims + 2, x.dtype(), x.shape()));
    }
    if (outputSize.length != 1 && outputSize.length != dims) {
      throw new IllegalArgumentException(
          message("%s: output_size must be 1 or %s sizes; got %s", name, dims, outputSize.length));
    }
    AxisWindows[] windows = new AxisWindows[dims];
    for (int d = 0; d < dims; d++) {
      long size = x.size(x.dim() - dims + d);
      Integer count = outputSize[outputSize.length == 1 ? 0 : d];
      if (count != null && count < 0) {
        throw new IllegalArgumentException(
            message(
                "%s: elements of output_size must be greater than or equal to 0 but received %s",
                name, outputSize));
      }
      windows[d] = AxisWindows.adaptive(size, count == null ? size : count);
    }
    return windows;
  }

  /** Adds up windows along each dimension, then divides; 16-bit types are added as FLOAT32. */
  private static Tensor mean(
      Tensor x, Integer divisor, boolean withPadding, AxisWindows... windows) {
    Tensor sum = x.dtype().bytes() < 4 ? x.to(DType.FLOAT32) : x;
    for (int d = windows.length - 1; d >= 0; d--) {
      sum = windows[d].sum(sum, x.dim() - windows.length + d);
    }
    long elements =
        Arrays.stream(windows).mapToLong(AxisWindows::equalLength).reduce(1, (a, b) -> a * b);
    if (divisor != null || elements > 0) {
      return sum.div(divisor != null ? divisor : elements).to(x.dtype());
    }
    Tensor counts = Tensor.ones(sum.dtype(), 1).to(sum.device());
    for (AxisWindows along : windows) {
      counts = counts.unsqueeze(-1).mul(along.lengths(withPadding, sum.device(), sum.dtype()));
    }
    return sum.div(counts.squeeze(0)).to(x.dtype());
  }
}
