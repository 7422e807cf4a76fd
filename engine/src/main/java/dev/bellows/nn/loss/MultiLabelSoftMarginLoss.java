package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the mean binary cross-entropy over classes. Source: PyTorch's {@code
 * torch.nn.MultiLabelSoftMarginLoss}.
 */
public final class MultiLabelSoftMarginLoss extends Module {
  /** Of each class [c], or null. */
  @MayBeNull public final Buffer weight;

  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public MultiLabelSoftMarginLoss() {
    this(null, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public MultiLabelSoftMarginLoss(Reduction reduction) {
    this(null, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param weight of each class [c]
   * @param reduction how values are reduced; default MEAN
   */
  public MultiLabelSoftMarginLoss(Tensor weight, Reduction reduction) {
    this.weight = weight == null ? null : Buffer.of(weight);
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.multilabelSoftMarginLoss(x, target, weight, reduction);
  }
}
