package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes 1 − cos(x1, x2) where target is 1, and max(0, cos(x1, x2) − margin) where it is −1.
 * Source: PyTorch's {@code torch.nn.CosineEmbeddingLoss}.
 */
public final class CosineEmbeddingLoss extends Module {
  private final double margin;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public CosineEmbeddingLoss() {
    this(0, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public CosineEmbeddingLoss(Reduction reduction) {
    this(0, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param margin default 0
   * @param reduction how values are reduced; default MEAN
   */
  public CosineEmbeddingLoss(double margin, Reduction reduction) {
    this.margin = margin;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x1, Tensor x2, Tensor target) {
    return Functional.cosineEmbeddingLoss(x1, x2, target, margin, reduction);
  }
}
