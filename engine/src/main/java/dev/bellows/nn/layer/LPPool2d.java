package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Computes (Σ xᵖ)^(1/p) of each window. x [n, c, h, w] or [c, h, w] → [n, c, outH, outW] or [c,
 * outH, outW]. Defaults: stride = kernel, sizes rounded down. Source: PyTorch's {@code
 * torch.nn.LPPool2d}.
 */
public final class LPPool2d extends Module {
  private final double p;
  private final int[] kernel;
  private final int[] stride;
  private final boolean ceilMode;

  /** Creates a layer with square windows and a stride equal to the window size. */
  public LPPool2d(double p, int kernel) {
    this(p, new int[] {kernel}, null, false);
  }

  /**
   * Creates a layer.
   *
   * @param stride null for the window size
   * @param ceilMode whether sizes are rounded up
   */
  public LPPool2d(double p, int[] kernel, int[] stride, boolean ceilMode) {
    this.p = p;
    this.kernel = kernel.clone();
    this.stride = stride == null ? null : stride.clone();
    this.ceilMode = ceilMode;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.lpPool2d(x, p, kernel, stride, ceilMode);
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
