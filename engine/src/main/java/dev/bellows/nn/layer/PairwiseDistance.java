package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes the norm of x1 − x2 + eps over the last dimension. Defaults: p 2, eps 1e-6, the
 * dimension is removed. Source: PyTorch's {@code torch.nn.PairwiseDistance}.
 */
public final class PairwiseDistance extends Module {
  private final double p;
  private final double eps;
  private final boolean keepDim;

  /** Creates a layer with the defaults. */
  public PairwiseDistance() {
    this(2, 1e-6, false);
  }

  /** Creates a layer. */
  public PairwiseDistance(double p, double eps, boolean keepDim) {
    this.p = p;
    this.eps = eps;
    this.keepDim = keepDim;
  }

  @Override
  protected Tensor forward(Tensor x1, Tensor x2) {
    return Functional.pairwiseDistance(x1, x2, p, eps, keepDim);
  }
}
