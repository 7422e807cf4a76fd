package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes (Σ xᵖ)^(1/p) of each window. x [n, c, l] or [c, l] → [n, c, outL] or [c, outL].
 * Defaults: stride = kernel, sizes rounded down. Source: PyTorch's {@code torch.nn.LPPool1d}.
 */
public final class LPPool1d extends Module {
  private final double p;
  private final int kernel;
  private final Integer stride;
  private final boolean ceilMode;

  /** Creates a layer with windows and a stride equal to the window size. */
  public LPPool1d(double p, int kernel) {
    this(p, kernel, null, false);
  }

  /**
   * Creates a layer.
   *
   * @param stride null for the window size
   * @param ceilMode whether sizes are rounded up
   */
  public LPPool1d(double p, int kernel, Integer stride, boolean ceilMode) {
    this.p = p;
    this.kernel = kernel;
    this.stride = stride;
    this.ceilMode = ceilMode;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.lpPool1d(x, p, kernel, stride, ceilMode);
  }

  @Override
  protected String extraRepr() {
    int[] strides = stride == null ? null : new int[] {stride};
    return LPPoolLayer.describe(p, new int[] {kernel}, strides, ceilMode);
  }
}
