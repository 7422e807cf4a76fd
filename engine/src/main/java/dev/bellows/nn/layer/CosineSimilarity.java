package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Computes the cosine of the angle between two tensors along a dimension. Defaults: dim 1, eps
 * 1e-8. Source: PyTorch's {@code torch.nn.CosineSimilarity}.
 */
public final class CosineSimilarity extends Module {
  private final int dim;
  private final double eps;

  /** Creates a layer with the defaults. */
  public CosineSimilarity() {
    this(1, 1e-8);
  }

  /** Creates a layer for a dimension, with a least norm. */
  public CosineSimilarity(int dim, double eps) {
    this.dim = dim;
    this.eps = eps;
  }

  @Override
  protected Tensor forward(Tensor x1, Tensor x2) {
    return Functional.cosineSimilarity(x1, x2, dim, eps);
  }
}
