package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.GaussianNllArgs;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the negative logarithm of the Gaussian density of the target. Source: PyTorch's {@code
 * torch.nn.GaussianNLLLoss}.
 */
public final class GaussianNLLLoss extends Module {
  private final GaussianNllArgs args;

  /** Creates a loss with the defaults. */
  public GaussianNLLLoss() {
    this(GaussianNllArgs.create());
  }

  /** Creates a loss with the defaults but for the reduction. */
  public GaussianNLLLoss(Reduction reduction) {
    this(GaussianNllArgs.create().reduction(reduction));
  }

  /** Creates a loss. */
  public GaussianNLLLoss(GaussianNllArgs args) {
    this.args = args;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target, Tensor var) {
    return Functional.gaussianNllLoss(x, target, var, args);
  }
}
