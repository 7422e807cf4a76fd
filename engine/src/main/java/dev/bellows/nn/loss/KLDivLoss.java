package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes target · (ln target − x), with x the logarithms of probabilities. Source: PyTorch's
 * {@code torch.nn.KLDivLoss}.
 */
public final class KLDivLoss extends Module {
  private final boolean logTarget;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public KLDivLoss() {
    this(false, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public KLDivLoss(Reduction reduction) {
    this(false, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param logTarget whether the target holds logarithms; default false
   * @param reduction how values are reduced; default MEAN
   */
  public KLDivLoss(boolean logTarget, Reduction reduction) {
    this.logTarget = logTarget;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.klDiv(x, target, reduction, logTarget);
  }
}
