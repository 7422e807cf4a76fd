package dev.bellows.nn;

import dev.bellows.memory.Device;
import dev.bellows.ops.ConvGeometry;
import dev.bellows.tensor.Tensor;

/** The patches of images of one size, with zeros around them. */
final class Patches {
  private final long height;
  private final long width;
  private final int[] padding;
  private final AxisWindows rows;
  private final AxisWindows columns;
  private final int[] kernel;
  private final long[] out;

  Patches(String name, long h, long w, int[] kernel, ConvOptions options) {
    this.kernel = PerDimension.of(name, "kernel_size", 2, kernel);
    int[] s = options.stride(name, 2);
    int[] p = options.padding(name, 2);
    int[] d = options.dilation(name, 2);
    this.out =
        new ConvGeometry(s, p, d, 1)
            .windows(name, new long[] {h, w}, new long[] {this.kernel[0], this.kernel[1]});
    this.height = h + 2L * p[0];
    this.width = w + 2L * p[1];
    this.padding = new int[] {p[1], p[1], p[0], p[0]};
    this.rows = AxisWindows.sliding(name, height, this.kernel[0], s[0], 0, d[0], out[0]);
    this.columns = AxisWindows.sliding(name, width, this.kernel[1], s[1], 0, d[1], out[1]);
  }

  /** Returns the height of the padded images. */
  long height() {
    return height;
  }

  /** Returns the width of the padded images. */
  long width() {
    return width;
  }

  /** Returns the padding as {@link Padding#pad} takes it. */
  int[] padding() {
    return padding.clone();
  }

  AxisWindows rows() {
    return rows;
  }

  AxisWindows columns() {
    return columns;
  }

  /** Returns the number of elements of a patch in one channel. */
  long elements() {
    return (long) kernel[0] * kernel[1];
  }

  /** Returns the number of patches. */
  long count() {
    return out[0] * out[1];
  }

  /** Returns where in padded images the elements are, [kernelH, kernelW, outH, outW] of INT64. */
  Tensor places(Tensor like) {
    Device device = like.device();
    Tensor row = rows.table(device).t().reshape(kernel[0], 1, out[0], 1).mul(width);
    return row.add(columns.table(device).t().reshape(1, kernel[1], 1, out[1]));
  }
}
