package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.CrossEntropyArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the cross-entropy of softmax(x) and labels, or probabilities. Source: PyTorch's {@code
 * torch.nn.CrossEntropyLoss}.
 */
public final class CrossEntropyLoss extends Module {
  /** Of each class [c], or null. */
  @MayBeNull public final Buffer weight;

  private final long ignoreIndex;
  private final double labelSmoothing;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public CrossEntropyLoss() {
    this(null, Functional.IGNORE_INDEX, 0, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public CrossEntropyLoss(Reduction reduction) {
    this(null, Functional.IGNORE_INDEX, 0, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param weight of each class [c]
   * @param ignoreIndex label of rows that do not count; default −100
   * @param labelSmoothing part of the target spread over all classes; default 0
   * @param reduction how values are reduced; default MEAN
   */
  public CrossEntropyLoss(
      Tensor weight, long ignoreIndex, double labelSmoothing, Reduction reduction) {
    this.weight = weight == null ? null : Buffer.of(weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.crossEntropy(
        x, target, new CrossEntropyArgs(weight, reduction, ignoreIndex, labelSmoothing));
  }
}
