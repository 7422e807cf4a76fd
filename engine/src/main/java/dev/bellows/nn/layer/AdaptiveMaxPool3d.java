package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each of the parts, of sizes as equal as possible, that make up volumes. x [n, c, d, h,
 * w] or [c, d, h, w] → [n, c, outD, outH, outW] or [c, outD, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveMaxPool3d}.
 */
public final class AdaptiveMaxPool3d extends AdaptivePoolLayer {
  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveMaxPool3d(Integer... outputSize) {
    super(outputSize);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveMaxPool3d(x, outputSize);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.adaptiveMaxPool3dWithIndices(in, outputSize));
  }
}
