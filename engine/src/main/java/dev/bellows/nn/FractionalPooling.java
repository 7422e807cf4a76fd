package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.Arrays;
import java.util.List;

/**
 * Maximum pooling over windows at pseudo-random distances, which give any size of the result.
 * Source: Graham, Fractional Max-Pooling, 2014.
 */
final class FractionalPooling {
  private FractionalPooling() {}

  /**
   * Returns the maximum of each window of images; see {@link #fractionalMaxPool2dWithIndices}.
   *
   * @param kernel size of the windows: one number or one for each dimension
   */
  public static Tensor fractionalMaxPool2d(Tensor x, int[] kernel, FractionalPoolOptions options) {
    return fractionalMaxPool2dWithIndices(x, kernel, options).values();
  }

  /**
   * Returns the maximum of each window of images, and its place in h · w (INT64).
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param kernel size of the windows: one number or one for each dimension
   * @return [n, c, outH, outW] or [c, outH, outW]
   * @throws IllegalArgumentException if shapes or options do not agree
   */
  public static ValuesAndIndices fractionalMaxPool2dWithIndices(
      Tensor x, int[] kernel, FractionalPoolOptions options) {
    return pooled("fractionalMaxPool2d", 2, x, kernel, options);
  }

  /**
   * Returns the maximum of each window of volumes; see {@link #fractionalMaxPool3dWithIndices}.
   *
   * @param kernel size of the windows: one number or one for each dimension
   */
  public static Tensor fractionalMaxPool3d(Tensor x, int[] kernel, FractionalPoolOptions options) {
    return fractionalMaxPool3dWithIndices(x, kernel, options).values();
  }

  /**
   * Returns the maximum of each window of volumes, and its place in d · h · w (INT64).
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param kernel size of the windows: one number or one for each dimension
   * @return [n, c, outD, outH, outW] or [c, outD, outH, outW]
   * @throws IllegalArgumentException if shapes or options do not agree
   */
  public static ValuesAndIndices fractionalMaxPool3dWithIndices(
      Tensor x, int[] kernel, FractionalPoolOptions options) {
    return pooled("fractionalMaxPool3d", 3, x, kernel, options);
  }

  private static ValuesAndIndices pooled(
      String operation, int dims, Tensor given, int[] kernel, FractionalPoolOptions options) {
    Inputs.requireFloating(operation, given);
    if (given.dim() != dims + 1 && given.dim() != dims + 2) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected %sD or %sD tensor, but got: %s",
              operation, dims + 1, dims + 2, given.shape()));
    }
    Tensor x = given.dim() == dims + 1 ? given.unsqueeze(0) : given;
    int[] window = PerDimension.of(operation, "kernel_size", dims, kernel);
    long[] in = Arrays.copyOfRange(x.shape(), 2, dims + 2);
    long[] out = options.outSize(operation, in);
    check(operation, given, in, window, out);
    Tensor samples = options.samples(operation, x, dims);
    Tensor index = null; // [n, c, out…, window…] in the flat input
    for (int d = 0; d < dims; d++) {
      int column = dims == 2 ? 1 - d : d; // as PyTorch reads the samples
      Tensor starts = starts(samples.select(2, column), in[d], window[d], out[d]);
      Tensor taps = Tensor.on(x.device()).arange(window[d]);
      long[] shape = new long[2 + 2 * dims];
      Arrays.fill(shape, 1);
      shape[0] = x.size(0);
      shape[1] = x.size(1);
      shape[2 + d] = out[d];
      shape[2 + dims + d] = window[d];
      Tensor places = starts.unsqueeze(-1).add(taps).reshape(shape);
      index = index == null ? places : index.mul(in[d]).add(places);
    }
    index = index.flatten(2 + dims).flatten(2, 1 + dims); // [n, c, outputs, taps]
    Tensor taken = x.flatten(2).gather(2, index.flatten(2)).reshape(index.shape());
    ValuesAndIndices best = taken.max(-1, true);
    Tensor places = index.gather(-1, best.indices());
    long[] shape = given.shape();
    System.arraycopy(out, 0, shape, shape.length - dims, dims);
    return new ValuesAndIndices(best.values().reshape(shape), places.reshape(shape));
  }

  private static void check(String operation, Tensor x, long[] in, int[] window, long... out) {
    int margin = in.length - 1; // PyTorch's windows of volumes never fit exactly
    for (int d = 0; d < in.length; d++) {
      if (in[d] == 0 || x.size(-in.length - 1) == 0) {
        throw new IllegalArgumentException(
            message(
                "%s: Expected input to have non-zero size for non-batch dimensions, but got %s",
                operation, x.shape()));
      }
      if (out[d] < 1 || window[d] < 1 || out[d] + window[d] > in[d] + 2 - margin) {
        throw new IllegalArgumentException(
            message(
                "%s: output size + kernel size must be at most the input's + %s, both at least 1;"
                    + " got output %s, kernel %s, input %s",
                operation, 2 - margin, out, window, in));
      }
    }
  }

  /** Returns where the windows of a dimension begin, INT64 [n, c, out]. */
  private static Tensor starts(Tensor sample, long in, int window, long out) {
    long last = in - window;
    Tensor end = sample.newFull(last, DType.INT64, sample.size(0), sample.size(1), 1);
    if (out == 1) {
      return end;
    }
    double whole = (double) last / (out - 1);
    double step = sample.dtype() == DType.FLOAT64 ? whole : (float) whole;
    Tensor u = sample.unsqueeze(-1);
    Tensor numbers = Tensor.on(sample.device()).arange(out - 1).to(sample.dtype());
    Tensor first = u.add(numbers).mul(step).trunc().sub(u.mul(step).trunc());
    return Tensor.cat(List.of(first.to(DType.INT64), end), 2);
  }
}
