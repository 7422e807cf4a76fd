package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Mean of each of the parts, of sizes as equal as possible, that make up images. x [n, c, h, w] or
 * [c, h, w] → [n, c, outH, outW] or [c, outH, outW]. Source: PyTorch's {@code
 * torch.nn.AdaptiveAvgPool2d}.
 */
public final class AdaptiveAvgPool2d extends Module {
  private final Integer[] outputSize;

  /**
   * Creates a layer with sizes of the result: one number for all dimensions or one for each; null
   * for the size of the input.
   */
  public AdaptiveAvgPool2d(Integer... outputSize) {
    this.outputSize = outputSize.clone();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.adaptiveAvgPool2d(x, outputSize);
  }

  @Override
  protected String extraRepr() {
    return "output_size="
        + (outputSize.length == 1
            ? outputSize[0]
            : Arrays.toString(outputSize).replace('[', '(').replace(']', ')'));
  }
}
