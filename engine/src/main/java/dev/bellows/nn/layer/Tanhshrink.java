package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes x − tanh(x) element-wise. Source: PyTorch's {@code torch.nn.Tanhshrink}. */
public final class Tanhshrink extends Module {
  /** Creates the layer. */
  public Tanhshrink() {}

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.tanhshrink(x);
  }
}
