package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import java.util.Arrays;

/** What power-average poolings of images and of volumes share. */
abstract class LPPoolLayer extends Module {
  final double p;
  final int[] kernel;
  final int[] stride;
  final boolean ceilMode;

  LPPoolLayer(double p, int[] kernel, int[] stride, boolean ceilMode) {
    this.p = p;
    this.kernel = kernel.clone();
    this.stride = stride == null ? null : stride.clone();
    this.ceilMode = ceilMode;
  }

  @Override
  protected String extraRepr() {
    return describe(p, kernel, stride, ceilMode);
  }

  /** Returns the options as PyTorch prints them. */
  static String describe(double p, int[] kernel, int[] stride, boolean ceilMode) {
    return "norm_type="
        + (p == Math.rint(p) ? String.valueOf((long) p) : String.valueOf(p))
        + ", kernel_size="
        + text(kernel)
        + ", stride="
        + (stride == null ? "None" : text(stride))
        + ", ceil_mode="
        + ceilMode;
  }

  private static String text(int... sizes) {
    return sizes.length == 1
        ? String.valueOf(sizes[0])
        : Arrays.toString(sizes).replace('[', '(').replace(']', ')');
  }
}
