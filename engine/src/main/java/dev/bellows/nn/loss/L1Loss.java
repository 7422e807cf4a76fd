package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/** Computes |x − target|. Source: PyTorch's {@code torch.nn.L1Loss}. */
public final class L1Loss extends Module {
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public L1Loss() {
    this(Reduction.MEAN);
  }

  /**
   * Creates a loss.
   *
   * @param reduction how values are reduced; default MEAN
   */
  public L1Loss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.l1Loss(x, target, reduction);
  }
}
