package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/** Computes the softmax of −x along a dimension. Source: PyTorch's {@code torch.nn.Softmin}. */
public final class Softmin extends Module {
  private final int dim;

  /**
   * Creates a layer.
   *
   * @param dim along which the results sum to 1
   */
  public Softmin(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.softmin(x, dim);
  }

  @Override
  protected String extraRepr() {
    return "dim=" + dim;
  }
}
