package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Mean of each of the parts, of sizes as equal as possible, that make up volumes. x [n, c, d, h, w]
 * or [c, d, h, w] → [n, c, outD, outH, outW] or [c, outD, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveAvgPool3d}.
 */
public final class AdaptiveAvgPool3d extends AdaptivePoolLayer {
  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveAvgPool3d(Integer... outputSize) {
    super(outputSize);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveAvgPool3d(x, outputSize);
  }
}
