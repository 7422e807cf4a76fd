package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * The geometry of a convolution of any number of spatial dimensions, and the rules that its
 * arguments follow: the one place that checks them.
 */
public final class ConvGeometry {
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final int groups;

  /** Creates a geometry of one number per spatial dimension. */
  public ConvGeometry(int[] stride, int[] padding, int[] dilation, int groups) {
    this.stride = stride.clone();
    this.padding = padding.clone();
    this.dilation = dilation.clone();
    this.groups = groups;
  }

  static ConvGeometry of(Conv2dArgs a) {
    return new ConvGeometry(
        new int[] {a.strideH(), a.strideW()},
        new int[] {a.padH(), a.padW()},
        new int[] {a.dilationH(), a.dilationW()},
        a.groups());
  }

  /**
   * Returns the shape [n, outChannels, …] of a convolution of in[0] [n, inChannels, …] with the
   * weight in[1] [outChannels, inChannels / groups, …] and the bias in[2] [outChannels], if there
   * is one.
   *
   * @throws IllegalArgumentException if shapes, groups or types do not agree, or the kernel is
   *     larger than the padded input
   */
  public long[] outputShape(String name, Tensor... in) {
    long[] x = in[0].strided().sizes();
    long[] w = in[1].strided().sizes();
    checkSizes(name, x, w);
    checkGroups(name, w);
    checkChannels(name, x, w, w[1] * groups);
    checkBias(name, w[0], in);
    Types.same(name, in);
    long[] out = windows(name, x, w);
    out[0] = x[0];
    out[1] = w[0];
    return out;
  }

  /**
   * Returns the number of windows of kernels of a size in inputs of a size; both end with the
   * spatial dimensions, and so does the result.
   *
   * @throws IllegalArgumentException if a number is out of range, or the kernel is larger than the
   *     padded input
   */
  public long[] windows(String name, long[] input, long[] kernel) {
    int first = input.length - stride.length;
    checkNumbers(name, kernel);
    long[] out = new long[input.length];
    for (int d = 0; d < stride.length; d++) {
      long size = input[first + d];
      out[first + d] =
          Conv2dArgs.outSize(size, kernel[first + d], stride[d], padding[d], dilation[d]);
      if (out[first + d] < 1) {
        throw new IllegalArgumentException(
            message(
                "%s: Kernel size can't be greater than actual input size; got input %s, weight %s,"
                    + " %s",
                name, input, kernel, this));
      }
    }
    return out;
  }

  /**
   * Returns the shape [n, outChannels, …] of a transposed convolution of in[0] [n, inChannels, …]
   * with the weight in[1] [inChannels, outChannels / groups, …] and the bias in[2] [outChannels],
   * if there is one.
   *
   * @param outputPadding rows added on one side of each dimension of the result
   * @throws IllegalArgumentException if shapes, groups or types do not agree, outputPadding is
   *     negative or not below stride or dilation, or nothing would be left
   */
  public long[] transposedShape(String name, int[] outputPadding, Tensor... in) {
    long[] x = in[0].strided().sizes();
    long[] w = in[1].strided().sizes();
    checkSizes(name, x, w);
    checkGroups(name, w);
    checkChannels(name, x, w, w[0]);
    checkBias(name, w[1] * groups, in);
    Types.same(name, in);
    long[] out = new long[x.length];
    out[0] = x[0];
    out[1] = w[1] * groups;
    for (int d = 0; d < stride.length; d++) {
      if (outputPadding[d] < 0 || outputPadding[d] >= Math.max(stride[d], dilation[d])) {
        throw new IllegalArgumentException(
            message(
                "%s: output padding must not be negative and must be smaller than either stride or"
                    + " dilation; got output padding %s, %s",
                name, outputPadding, this));
      }
      out[d + 2] =
          (x[d + 2] - 1) * stride[d]
              - 2L * padding[d]
              + (long) dilation[d] * (w[d + 2] - 1)
              + outputPadding[d]
              + 1;
      if (x[d + 2] < 1 || out[d + 2] < 1) {
        throw new IllegalArgumentException(
            message(
                "%s: output size is too small; got input %s, weight %s, output padding %s, %s",
                name, x, w, outputPadding, this));
      }
    }
    return out;
  }

  private void checkSizes(String name, long[] x, long[] w) {
    int dims = stride.length + 2;
    if (x.length != dims || w.length != dims) {
      throw new IllegalArgumentException(
          message("%s: input and weight must be %s-d; got input %s, weight %s", name, dims, x, w));
    }
    checkNumbers(name, w);
  }

  private void checkNumbers(String name, long... kernel) {
    int first = kernel.length - stride.length;
    for (int d = 0; d < stride.length; d++) {
      if (stride[d] < 1 || dilation[d] < 1 || padding[d] < 0 || kernel[first + d] < 1) {
        throw new IllegalArgumentException(
            message(
                "%s: kernel, stride and dilation must be positive and padding not negative; got"
                    + " weight %s, %s",
                name, kernel, this));
      }
    }
  }

  private void checkGroups(String name, long[] w) {
    if (groups < 1) {
      throw new IllegalArgumentException(
          message("%s: groups must be positive; got groups=%s", name, groups));
    }
    if (w[0] % groups != 0) {
      throw new IllegalArgumentException(
          message(
              "%s: given groups=%s, expected weight to be divisible by %s at dimension 0, but got"
                  + " weight of size %s instead",
              name, groups, groups, w));
    }
  }

  private void checkChannels(String name, long[] x, long[] w, long channels) {
    if (channels != x[1]) {
      throw new IllegalArgumentException(
          message(
              "%s: given groups=%s, weight of size %s, expected input%s to have %s channels, but"
                  + " got %s channels instead",
              name, groups, w, x, channels, x[1]));
    }
  }

  private static void checkBias(String name, long channels, Tensor... in) {
    if (in.length > 2 && (in[2].dim() != 1 || in[2].size(0) != channels)) {
      throw new IllegalArgumentException(
          message(
              "%s: bias must have one element for each of %s output channels; got bias %s",
              name, channels, in[2].shape()));
    }
  }

  @Override
  public String toString() {
    return "stride "
        + Arrays.toString(stride)
        + ", padding "
        + Arrays.toString(padding)
        + ", dilation "
        + Arrays.toString(dilation);
  }
}
