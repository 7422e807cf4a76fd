package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Computes (Σ xᵖ)^(1/p) of each window. x [n, c, h, w] or [c, h, w] → [n, c, outH, outW] or [c,
 * outH, outW]. Defaults: stride = kernel, sizes rounded down. Source: PyTorch's {@code
 * torch.nn.LPPool2d}.
 */
public final class LPPool2d extends LPPoolLayer {
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
    super(p, kernel, stride, ceilMode);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.lpPool2d(x, p, kernel, stride, ceilMode);
  }
}
