package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds elements of one value around signals. x [n, c, l] or [c, l]. Source: PyTorch's {@code
 * torch.nn.ConstantPad1d}.
 */
public final class ConstantPad1d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left and right, or one number for all; negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 2 numbers
   */
  public ConstantPad1d(int[] padding, double value) {
    super(1, PaddingMode.ZEROS, value, padding);
  }

  /** Creates a layer with the same padding on all sides. */
  public ConstantPad1d(int padding, double value) {
    this(new int[] {padding}, value);
  }
}
