package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the negative logarithm of the Poisson probability of the target. Source: PyTorch's
 * {@code torch.nn.PoissonNLLLoss}.
 */
public final class PoissonNLLLoss extends Module {
  private final boolean logInput;
  private final boolean full;
  private final double eps;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public PoissonNLLLoss() {
    this(true, false, 1e-8, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public PoissonNLLLoss(Reduction reduction) {
    this(true, false, 1e-8, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param logInput whether the input is the logarithm of the mean; default true
   * @param full whether the approximation of ln(target!) is added; default false
   * @param eps default 1e-8
   * @param reduction how values are reduced; default MEAN
   */
  public PoissonNLLLoss(boolean logInput, boolean full, double eps, Reduction reduction) {
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.poissonNllLoss(x, target, logInput, full, eps, reduction);
  }
}
