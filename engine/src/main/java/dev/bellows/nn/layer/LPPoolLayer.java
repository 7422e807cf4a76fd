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
    return "norm_type="
        + p
        + ", kernel_size="
        + Arrays.toString(kernel)
        + ", stride="
        + Arrays.toString(stride)
        + ", ceil_mode="
        + ceilMode;
  }
}
