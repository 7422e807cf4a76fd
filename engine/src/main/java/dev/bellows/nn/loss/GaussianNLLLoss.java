package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the negative logarithm of the Gaussian density of the target. Source: PyTorch's {@code
 * torch.nn.GaussianNLLLoss}.
 */
public final class GaussianNLLLoss extends Module {
  private final boolean full;
  private final double eps;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public GaussianNLLLoss() {
    this(false, 1e-6, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public GaussianNLLLoss(Reduction reduction) {
    this(false, 1e-6, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param full whether the constant is added; default false
   * @param eps least variance; default 1e-6
   * @param reduction how values are reduced; default MEAN
   */
  public GaussianNLLLoss(boolean full, double eps, Reduction reduction) {
    this.full = full;
    this.eps = eps;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target, Tensor var) {
    return Functional.gaussianNllLoss(x, target, var, full, eps, reduction);
  }
}
