package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Mean of each of the parts, of sizes as equal as possible, that make up volumes. x [n, c, d, h, w]
 * or [c, d, h, w] → [n, c, outD, outH, outW] or [c, outD, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveAvgPool3d}.
 */
public final class AdaptiveAvgPool3d extends Module {
  private final Integer[] outputSize;

  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveAvgPool3d(Integer... outputSize) {
    this.outputSize = outputSize.clone();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveAvgPool3d(x, outputSize);
  }

  @Override
  protected String extraRepr() {
    return "output_size="
        + (outputSize.length == 1
            ? outputSize[0]
            : Arrays.toString(outputSize).replace('[', '(').replace(']', ')'));
  }
}
