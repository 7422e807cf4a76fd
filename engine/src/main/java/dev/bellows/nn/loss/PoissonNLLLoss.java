package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.PoissonNllArgs;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the negative logarithm of the Poisson probability of the target. Source: PyTorch's
 * {@code torch.nn.PoissonNLLLoss}.
 */
public final class PoissonNLLLoss extends Module {
  private final PoissonNllArgs args;

  /** Creates a loss with the defaults. */
  public PoissonNLLLoss() {
    this(PoissonNllArgs.create());
  }

  /** Creates a loss with the defaults but for the reduction. */
  public PoissonNLLLoss(Reduction reduction) {
    this(PoissonNllArgs.create().reduction(reduction));
  }

  /** Creates a loss. */
  public PoissonNLLLoss(PoissonNllArgs args) {
    this.args = args;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.poissonNllLoss(x, target, args);
  }
}
