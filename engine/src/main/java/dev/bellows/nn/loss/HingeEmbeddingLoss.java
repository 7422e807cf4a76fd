package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes x where target is 1 and max(0, margin − x) where it is −1. Source: PyTorch's {@code
 * torch.nn.HingeEmbeddingLoss}.
 */
public final class HingeEmbeddingLoss extends Module {
  private final double margin;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public HingeEmbeddingLoss() {
    this(1, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public HingeEmbeddingLoss(Reduction reduction) {
    this(1, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param margin default 1
   * @param reduction how values are reduced; default MEAN
   */
  public HingeEmbeddingLoss(double margin, Reduction reduction) {
    this.margin = margin;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.hingeEmbeddingLoss(x, target, margin, reduction);
  }
}
