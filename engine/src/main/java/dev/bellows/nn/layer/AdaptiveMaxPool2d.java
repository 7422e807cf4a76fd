package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each of the parts, of sizes as equal as possible, that make up images. x [n, c, h, w]
 * or [c, h, w] → [n, c, outH, outW] or [c, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveMaxPool2d}.
 */
public final class AdaptiveMaxPool2d extends AdaptivePoolLayer {
  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveMaxPool2d(Integer... outputSize) {
    super(outputSize);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveMaxPool2d(x, outputSize);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.adaptiveMaxPool2dWithIndices(in, outputSize));
  }
}
