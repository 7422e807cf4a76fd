package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes −weight(target) · x(target) of logarithms of probabilities x. Source: PyTorch's {@code
 * torch.nn.NLLLoss}.
 */
public final class NLLLoss extends Module {
  /** Of each class [c], or null. */
  @MayBeNull public final Buffer weight;

  private final long ignoreIndex;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public NLLLoss() {
    this(null, Functional.IGNORE_INDEX, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public NLLLoss(Reduction reduction) {
    this(null, Functional.IGNORE_INDEX, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param weight of each class [c]
   * @param ignoreIndex label of rows that do not count; default −100
   * @param reduction how values are reduced; default MEAN
   */
  public NLLLoss(Tensor weight, long ignoreIndex, Reduction reduction) {
    this.weight = weight == null ? null : Buffer.of(weight);
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.nllLoss(x, target, weight, reduction, ignoreIndex);
  }
}
