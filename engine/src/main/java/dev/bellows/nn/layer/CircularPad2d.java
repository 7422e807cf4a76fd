package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of the opposite side around images. x [n, c, h, w] or [c, h, w]. Source: PyTorch's
 * {@code torch.nn.CircularPad2d}.
 */
public final class CircularPad2d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above and below, or one number for all; negative ones
   *     remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 4 numbers
   */
  public CircularPad2d(int... padding) {
    super(2, PaddingMode.CIRCULAR, null, padding);
  }
}
