package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the margin loss of rows with several labels. Source: PyTorch's {@code
 * torch.nn.MultiLabelMarginLoss}.
 */
public final class MultiLabelMarginLoss extends Module {
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public MultiLabelMarginLoss() {
    this(Reduction.MEAN);
  }

  /**
   * Creates a loss.
   *
   * @param reduction how values are reduced; default MEAN
   */
  public MultiLabelMarginLoss(Reduction reduction) {
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.multilabelMarginLoss(x, target, reduction);
  }
}
