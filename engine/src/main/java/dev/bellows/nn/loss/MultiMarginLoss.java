package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes Σ max(0, margin − x(target) + x(i))ᵖ / c over the other classes i. Source: PyTorch's
 * {@code torch.nn.MultiMarginLoss}.
 */
public final class MultiMarginLoss extends Module {
  /** Of each class [c], or null. */
  @MayBeNull public final Buffer weight;

  private final int p;
  private final double margin;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public MultiMarginLoss() {
    this(1, 1, null, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public MultiMarginLoss(Reduction reduction) {
    this(1, 1, null, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param p 1 or 2; default 1
   * @param margin default 1
   * @param weight of each class [c]
   * @param reduction how values are reduced; default MEAN
   */
  public MultiMarginLoss(int p, double margin, Tensor weight, Reduction reduction) {
    this.p = p;
    this.margin = margin;
    this.weight = weight == null ? null : Buffer.of(weight);
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.multiMarginLoss(x, target, p, margin, weight, reduction);
  }
}
