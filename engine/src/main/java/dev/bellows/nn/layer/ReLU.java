package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** max(x, 0) element-wise, any shape. Source: PyTorch's {@code torch.nn.ReLU}. */
public final class ReLU extends Module {
  /** Creates the layer. */
  public ReLU() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.relu(x);
  }
}
