package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x / (1 + |x|) element-wise. Source: PyTorch's {@code torch.nn.Softsign}. */
public final class Softsign extends Module {
  /** Creates the layer. */
  public Softsign() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.softsign(x);
  }
}
