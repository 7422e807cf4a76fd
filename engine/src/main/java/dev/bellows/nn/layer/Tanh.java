package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes the hyperbolic tangent element-wise. Source: PyTorch's {@code torch.nn.Tanh}. */
public final class Tanh extends Module {
  /** Creates the layer. */
  public Tanh() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.tanh(x);
  }
}
