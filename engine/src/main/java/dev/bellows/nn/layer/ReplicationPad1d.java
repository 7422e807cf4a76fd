package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds copies of the outermost elements around signals. x [n, c, l] or [c, l]. Source: PyTorch's
 * {@code torch.nn.ReplicationPad1d}.
 */
public final class ReplicationPad1d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left and right, or one number for all; negative ones remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 2 numbers
   */
  public ReplicationPad1d(int... padding) {
    super(1, PaddingMode.REPLICATE, null, padding);
  }
}
