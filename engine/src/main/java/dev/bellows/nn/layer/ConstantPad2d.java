package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of one value around images. x [n, c, h, w] or [c, h, w]. Source: PyTorch's {@code
 * torch.nn.ConstantPad2d}.
 */
public final class ConstantPad2d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above and below, or one number for all; negative ones
   *     remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 4 numbers
   */
  public ConstantPad2d(int[] padding, double value) {
    super(2, PaddingMode.ZEROS, value, padding);
  }

  /** Creates a layer with the same padding on all sides. */
  public ConstantPad2d(int padding, double value) {
    this(new int[] {padding}, value);
  }
}
