package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes ln(1 + e^(−target · x)), for targets of 1 and −1. Source: PyTorch's {@code
 * torch.nn.SoftMarginLoss}.
 */
public final class SoftMarginLoss extends Module {
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public SoftMarginLoss() {
    this(Reduction.MEAN);
  }

  /**
   * Creates a loss.
   *
   * @param reduction how values are reduced; default MEAN
   */
  public SoftMarginLoss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.softMarginLoss(x, target, reduction);
  }
}
