package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes d²/2 where |d| ≤ delta, else delta · (|d| − delta/2), with d = x − target. Source:
 * PyTorch's {@code torch.nn.HuberLoss}.
 */
public final class HuberLoss extends Module {
  private final double delta;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public HuberLoss() {
    this(1, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public HuberLoss(Reduction reduction) {
    this(1, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param delta positive; default 1
   * @param reduction how values are reduced; default MEAN
   */
  public HuberLoss(double delta, Reduction reduction) {
    this.delta = delta;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.huberLoss(x, target, reduction, delta);
  }
}
