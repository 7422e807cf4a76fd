package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes 1 / (1 + e⁻ˣ) element-wise. Source: PyTorch's {@code torch.nn.Sigmoid}. */
public final class Sigmoid extends Module {
  /** Creates the layer. */
  public Sigmoid() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.sigmoid(x);
  }
}
