package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Mean of each of the parts, of sizes as equal as possible, that make up signals. x [n, c, l] or
 * [c, l] → [n, c, outL] or [c, outL]. Source: PyTorch's {@code torch.nn.AdaptiveAvgPool1d}.
 */
public final class AdaptiveAvgPool1d extends Module {
  private final Integer outputSize;

  /** Creates a layer with a number of results; null for the size of the input. */
  public AdaptiveAvgPool1d(Integer outputSize) {
    this.outputSize = outputSize;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveAvgPool1d(x, outputSize);
  }

  @Override
  protected String extraRepr() {
    return "output_size=" + outputSize;
  }
}
