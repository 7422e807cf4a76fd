package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of the opposite side around signals. x [n, c, l] or [c, l]. Source: PyTorch's
 * {@code torch.nn.CircularPad1d}.
 */
public final class CircularPad1d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left and right, or one number for all; negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 2 numbers
   */
  public CircularPad1d(int... padding) {
    super(1, PaddingMode.CIRCULAR, null, padding);
  }
}
