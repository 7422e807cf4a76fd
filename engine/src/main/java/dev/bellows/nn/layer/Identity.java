package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Returns its input. Source: PyTorch's {@code torch.nn.Identity}. */
public final class Identity extends Module {
  /** Creates the layer. */
  public Identity() {}

  @Override
  protected Tensor forward(Tensor x) {
    return x;
  }
}
