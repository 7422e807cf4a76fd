package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.ops.Conv2d;
import dev.bellows.ops.ConvGeometry;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions. All stand on the 2-d kernels: of one dimension with images of one row, of three
 * with the taps in depth as channels.
 */
final class Convolutions {
  private static final ConvOptions DEFAULTS = new ConvOptions();

  private Convolutions() {}

  /** Computes {@link #conv1d(Tensor, Tensor, Tensor, ConvOptions)} with the default options. */
  public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias) {
    return conv1d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the cross-correlation of signals with filters.
   *
   * @param x [n, inChannels, l] or [inChannels, l]
   * @param weight [outChannels, inChannels / groups, kernel]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outL] or [outChannels, outL], outL by {@link Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution(1, x, weight, bias, options);
  }

  /**
   * Computes the cross-correlation of images with filters, with stride 1, no padding and one group.
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
    return conv2d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the cross-correlation of images with filters.
   *
   * @param x [n, inChannels, h, w]
   * @param weight [outChannels, inChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW], each by {@link Conv2dArgs#outSize}
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Conv2dArgs args) {
    return Conv2d.of(x, weight, bias, args);
  }

  /**
   * Computes the cross-correlation of images with filters.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   * @param weight [outChannels, inChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW] or [outChannels, outH, outW], each by {@link
   *     Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution(2, x, weight, bias, options);
  }

  /** Computes {@link #conv3d(Tensor, Tensor, Tensor, ConvOptions)} with the default options. */
  public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias) {
    return conv3d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the cross-correlation of volumes with filters.
   *
   * @param x [n, inChannels, d, h, w] or [inChannels, d, h, w]
   * @param weight [outChannels, inChannels / groups, kernelD, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW], each by {@link
   *     Conv2dArgs#outSize}
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution(3, x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose1d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias) {
    return convTranspose1d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the transposed convolution of signals: the gradient of {@link #conv1d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, l] or [inChannels, l]
   * @param weight [inChannels, outChannels / groups, kernel]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outL] or [outChannels, outL] with outL = (l − 1)·stride − 2·padding +
   *     dilation·(kernel − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed(1, x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose2d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias) {
    return convTranspose2d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the transposed convolution of images: the gradient of {@link #conv2d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   * @param weight [inChannels, outChannels / groups, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outH, outW] or [outChannels, outH, outW] with outH = (h − 1)·stride −
   *     2·padding + dilation·(kernelH − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed(2, x, weight, bias, options);
  }

  /**
   * Computes {@link #convTranspose3d(Tensor, Tensor, Tensor, ConvOptions)} with the default
   * options.
   */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias) {
    return convTranspose3d(x, weight, bias, DEFAULTS);
  }

  /**
   * Computes the transposed convolution of volumes: the gradient of {@link #conv3d(Tensor, Tensor,
   * Tensor, ConvOptions)} for its input, plus a bias.
   *
   * @param x [n, inChannels, d, h, w] or [inChannels, d, h, w]
   * @param weight [inChannels, outChannels / groups, kernelD, kernelH, kernelW]
   * @param bias [outChannels], or null for none
   * @return [n, outChannels, outD, outH, outW] or [outChannels, outD, outH, outW] with outD = (d −
   *     1)·stride − 2·padding + dilation·(kernelD − 1) + outputPadding + 1
   * @throws IllegalArgumentException if shapes, types or options do not agree
   */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed(3, x, weight, bias, options);
  }

  private static Tensor convolution(
      int dims, Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    String name = "conv" + dims + "d";
    int[] stride = options.stride(name, dims);
    int[] padding = options.padding(name, dims);
    int[] dilation = options.dilation(name, dims);
    Tensor batch = batched(name, dims, x);
    if (options.isSame() && weight.dim() == dims + 2) {
      if (Arrays.stream(stride).anyMatch(s -> s != 1)) {
        throw new IllegalArgumentException(
            message(
                "%s: padding='same' is not supported for strided convolutions; got stride %s",
                name, stride));
      }
      int[] more = new int[2 * dims];
      for (int d = 0; d < dims; d++) {
        int total = Math.multiplyExact(dilation[d], Math.toIntExact(weight.size(d + 2)) - 1);
        padding[d] = Math.max(0, total / 2);
        more[2 * (dims - 1 - d) + 1] = Math.max(0, total % 2);
      }
      batch = Arrays.stream(more).anyMatch(p -> p > 0) ? Padding.pad(batch, more) : batch;
    }
    Tensor[] in = bias == null ? new Tensor[] {batch, weight} : new Tensor[] {batch, weight, bias};
    Tensor y;
    if (dims == 2) {
      y = Conv2d.of(batch, weight, bias, args(stride, padding, dilation, options.groups()));
    } else {
      ConvGeometry geometry = new ConvGeometry(stride, padding, dilation, options.groups());
      long[] shape = geometry.outputShape(name, in);
      y =
          dims == 1
              ? Conv2d.of(
                      batch.unsqueeze(2),
                      weight.unsqueeze(2),
                      bias,
                      args(stride, padding, dilation, options.groups()))
                  .squeeze(2)
              : volumes(batch, weight, bias, shape, stride, padding, dilation, options.groups());
    }
    return x.dim() == dims + 1 ? y.squeeze(0) : y;
  }

  /** Returns a convolution of volumes as one of images, one for each depth of the result. */
  private static Tensor volumes(
      Tensor x,
      Tensor weight,
      Tensor bias,
      long[] shape,
      int[] stride,
      int[] padding,
      int[] dilation,
      int groups) {
    Tensor deep = padding[0] == 0 ? x : Padding.pad(x, 0, 0, 0, 0, padding[0], padding[0]);
    Tensor rows = deep.transpose(1, 2); // [n, d, c, h, w]
    List<Tensor> taps = new ArrayList<>();
    long reach = (shape[2] - 1) * stride[0] + 1;
    for (long k = 0; k < weight.size(2); k++) {
      long from = k * dilation[0];
      taps.add(rows.slice(1, from, from + reach, stride[0])); // [n, outD, c, h, w]
    }
    Tensor images =
        Tensor.stack(taps, 3)
            .reshape(shape[0] * shape[2], x.size(1) * weight.size(2), x.size(3), x.size(4));
    Tensor y =
        Conv2d.of(images, flatFilters(weight), bias, inner(stride, padding, dilation, groups));
    return y.reshape(shape[0], shape[2], shape[1], shape[3], shape[4]).transpose(1, 2).contiguous();
  }

  /** Returns filters of volumes [a, b, kd, kh, kw] as filters of images [a, b·kd, kh, kw]. */
  private static Tensor flatFilters(Tensor weight) {
    return weight.flatten(1, 2);
  }

  private static Tensor transposed(
      int dims, Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    String name = "convTranspose" + dims + "d";
    int[] stride = options.stride(name, dims);
    int[] padding = options.padding(name, dims);
    int[] dilation = options.dilation(name, dims);
    int[] outputPadding = options.outputPadding(name, dims);
    if (options.isSame()) {
      throw new IllegalArgumentException(
          message("%s: padding must be numbers for a transposed convolution; got 'same'", name));
    }
    Tensor batch = batched(name, dims, x);
    long[] shape =
        new ConvGeometry(stride, padding, dilation, options.groups())
            .transposedShape(
                name,
                outputPadding,
                bias == null ? new Tensor[] {batch, weight} : new Tensor[] {batch, weight, bias});
    Tensor y;
    if (dims < 3) {
      boolean flat = dims == 1;
      y =
          Conv2d.transposed(
              flat ? batch.unsqueeze(2) : batch,
              flat ? weight.unsqueeze(2) : weight,
              args(stride, padding, dilation, options.groups()),
              PerDimension.ofTwo(0, outputPadding));
      y = flat ? y.squeeze(2) : y;
    } else {
      y = transposedVolumes(batch, weight, shape, options);
    }
    if (bias != null) {
      long[] perChannel = new long[dims + 1];
      Arrays.fill(perChannel, 1);
      perChannel[0] = -1;
      y = y.add(bias.reshape(perChannel));
    }
    return x.dim() == dims + 1 ? y.squeeze(0) : y;
  }

  /** Adds up, at their depths, what each tap in depth makes of each image of the volumes. */
  private static Tensor transposedVolumes(
      Tensor x, Tensor weight, long[] shape, ConvOptions options) {
    int[] stride = options.stride("", 3);
    int[] padding = options.padding("", 3);
    int[] dilation = options.dilation("", 3);
    int[] outputPadding = options.outputPadding("", 3);
    long n = x.size(0);
    long depth = x.size(2);
    long taps = weight.size(2);
    Tensor images =
        Conv2d.transposed(
            x.transpose(1, 2).reshape(n * depth, x.size(1), x.size(3), x.size(4)),
            flatFilters(weight),
            inner(stride, padding, dilation, options.groups()),
            outputPadding[1],
            outputPadding[2]);
    Tensor parts = images.reshape(n, depth, shape[1], taps, shape[3], shape[4]);
    Tensor sum = x.newZeros(n, shape[2] + 2L * padding[0], shape[1], shape[3], shape[4]);
    for (long k = 0; k < taps; k++) {
      long from = k * dilation[0];
      sum.slice(1, from, from + (depth - 1) * stride[0] + 1, stride[0]).add_(parts.select(3, k));
    }
    return sum.narrow(1, padding[0], shape[2]).transpose(1, 2).contiguous();
  }

  private static Conv2dArgs args(int[] stride, int[] padding, int[] dilation, int groups) {
    int[] s = PerDimension.ofTwo(1, stride);
    int[] p = PerDimension.ofTwo(0, padding);
    int[] d = PerDimension.ofTwo(1, dilation);
    return new Conv2dArgs(s[0], s[1], p[0], p[1], d[0], d[1], groups);
  }

  /** Returns the geometry of the rows and columns of volumes. */
  private static Conv2dArgs inner(int[] stride, int[] padding, int[] dilation, int groups) {
    return new Conv2dArgs(
        stride[1], stride[2], padding[1], padding[2], dilation[1], dilation[2], groups);
  }

  private static Tensor batched(String name, int dims, Tensor x) {
    if (x.dim() != dims + 1 && x.dim() != dims + 2) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected %sD (unbatched) or %sD (batched) input, but got input of size: %s",
              name, dims + 1, dims + 2, x.shape()));
    }
    return x.dim() == dims + 1 ? x.unsqueeze(0) : x;
  }
}
