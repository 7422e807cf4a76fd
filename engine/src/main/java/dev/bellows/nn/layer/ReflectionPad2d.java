package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements mirrored at the outermost ones around images. x [n, c, h, w] or [c, h, w]. Source:
 * PyTorch's {@code torch.nn.ReflectionPad2d}.
 */
public final class ReflectionPad2d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above and below, or one number for all; negative ones
   *     remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 4 numbers
   */
  public ReflectionPad2d(int... padding) {
    super(2, PaddingMode.REFLECT, null, padding);
  }
}
