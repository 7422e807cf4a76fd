package dev.bellows.nn.layer;

import dev.bellows.nn.PaddingMode;

/**
 * Adds copies of the outermost elements around images. x [n, c, h, w] or [c, h, w]. Source:
 * PyTorch's {@code torch.nn.ReplicationPad2d}.
 */
public final class ReplicationPad2d extends PaddingLayer {
  /**
   * Creates a layer.
   *
   * @param padding elements left, right, above and below, or one number for all; negative ones
   *     remove elements
   * @throws IllegalArgumentException if there are neither 1 nor 4 numbers
   */
  public ReplicationPad2d(int... padding) {
    super(2, PaddingMode.REPLICATE, null, padding);
  }
}
