package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of one value around volumes. x [n, c, d, h, w] or [c, d, h, w]. Source: PyTorch's
 * {@code torch.nn.ConstantPad3d}.
 */
public final class ConstantPad3d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above, below, in front and behind, or one number for all;
   *     negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 6 numbers
   */
  public ConstantPad3d(int[] padding, double value) {
    super(3, PaddingMode.ZEROS, value, padding);
  }

  /** Creates a layer with the same padding on all sides. */
  public ConstantPad3d(int padding, double value) {
    this(new int[] {padding}, value);
  }
}
