package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Mean of each of the parts, of sizes as equal as possible, that make up images. x [n, c, h, w] or
 * [c, h, w] → [n, c, outH, outW] or [c, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveAvgPool2d}.
 */
public final class AdaptiveAvgPool2d extends AdaptivePoolLayer {
  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveAvgPool2d(Integer... outputSize) {
    super(outputSize);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveAvgPool2d(x, outputSize);
  }
}
