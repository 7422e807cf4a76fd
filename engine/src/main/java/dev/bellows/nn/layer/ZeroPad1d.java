package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds zeros around signals. x [n, c, l] or [c, l]. Source: PyTorch's {@code torch.nn.ZeroPad1d}.
 */
public final class ZeroPad1d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left and right, or one number for all; negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 2 numbers
   */
  public ZeroPad1d(int... padding) {
    super(1, PaddingMode.ZEROS, null, padding);
  }
}
