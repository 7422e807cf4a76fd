package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each of the parts, of sizes as equal as possible, that make up signals. x [n, c, l] or
 * [c, l] → [n, c, outL] or [c, outL]. Source: PyTorch's {@code torch.nn.AdaptiveMaxPool1d}.
 */
public final class AdaptiveMaxPool1d extends Module {
  private final Integer outputSize;

  /** Creates a layer with a number of results; null for the size of the input. */
  public AdaptiveMaxPool1d(Integer outputSize) {
    this.outputSize = outputSize;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveMaxPool1d(x, outputSize);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.adaptiveMaxPool1dWithIndices(in, outputSize));
  }

  @Override
  protected String extraRepr() {
    return "output_size=" + outputSize;
  }
}
