package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of the opposite side around volumes. x [n, c, d, h, w] or [c, d, h, w]. Source:
 * PyTorch's {@code torch.nn.CircularPad3d}.
 */
public final class CircularPad3d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above, below, in front and behind, or one number for all;
   *     negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 6 numbers
   */
  public CircularPad3d(int... padding) {
    super(3, PaddingMode.CIRCULAR, null, padding);
  }
}
