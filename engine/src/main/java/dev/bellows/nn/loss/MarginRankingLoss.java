package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes max(0, −target · (x1 − x2) + margin). Source: PyTorch's {@code
 * torch.nn.MarginRankingLoss}.
 */
public final class MarginRankingLoss extends Module {
  private final double margin;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public MarginRankingLoss() {
    this(0, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public MarginRankingLoss(Reduction reduction) {
    this(0, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param margin default 0
   * @param reduction how values are reduced; default MEAN
   */
  public MarginRankingLoss(double margin, Reduction reduction) {
    this.margin = margin;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x1, Tensor x2, Tensor target) {
    return Functional.marginRankingLoss(x1, x2, target, margin, reduction);
  }
}
