package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/** Computes (x − target)². Source: PyTorch's {@code torch.nn.MSELoss}. */
public final class MSELoss extends Module {
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public MSELoss() {
    this(Reduction.MEAN);
  }

  /**
   * Creates a loss.
   *
   * @param reduction how values are reduced; default MEAN
   */
  public MSELoss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.mseLoss(x, target, reduction);
  }
}
