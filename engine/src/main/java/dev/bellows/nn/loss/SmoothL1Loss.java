package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes d²/(2·beta) where |d| &lt; beta, else |d| − beta/2, with d = x − target. Source:
 * PyTorch's {@code torch.nn.SmoothL1Loss}.
 */
public final class SmoothL1Loss extends Module {
  private final double beta;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public SmoothL1Loss(Reduction reduction) {
    this(1, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param beta not negative; default 1
   * @param reduction how values are reduced; default MEAN
   */
  public SmoothL1Loss(double beta, Reduction reduction) {
    this.beta = beta;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.smoothL1Loss(x, target, reduction, beta);
  }
}
