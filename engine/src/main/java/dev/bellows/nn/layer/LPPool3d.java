package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Computes (Σ xᵖ)^(1/p) of each window. x [n, c, d, h, w] or [c, d, h, w] → [n, c, outD, outH,
 * outW] or [c, outD, outH, outW]. Defaults: stride = kernel, sizes rounded down. Source: PyTorch's
 * {@code torch.nn.LPPool3d}.
 */
public final class LPPool3d extends LPPoolLayer {
  /** Creates a layer with cubic windows and a stride equal to the window size. */
  public LPPool3d(double p, int kernel) {
    this(p, new int[] {kernel}, null, false);
  }

  /**
   * Creates a layer.
   *
   * @param stride null for the window size
   * @param ceilMode whether sizes are rounded up
   */
  public LPPool3d(double p, int[] kernel, int[] stride, boolean ceilMode) {
    super(p, kernel, stride, ceilMode);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.lpPool3d(x, p, kernel, stride, ceilMode);
  }
}
