package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes the logarithm of the softmax along a dimension, without overflow. Source: PyTorch's
 * {@code torch.nn.LogSoftmax}.
 */
public final class LogSoftmax extends Module {
  private final int dim;

  /**
   * Creates a layer.
   *
   * @param dim along which the exponentials of results sum to 1
   */
  public LogSoftmax(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.logSoftmax(x, dim);
  }

  @Override
  protected String extraRepr() {
    return "dim=" + dim;
  }
}
