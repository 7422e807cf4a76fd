package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the binary cross-entropy of probabilities. Source: PyTorch's {@code torch.nn.BCELoss}.
 */
public final class BCELoss extends Module {
  /** Broadcast to the input, or null. */
  @MayBeNull public final Buffer weight;

  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public BCELoss() {
    this(null, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public BCELoss(Reduction reduction) {
    this(null, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param weight broadcast to the input
   * @param reduction how values are reduced; default MEAN
   */
  public BCELoss(Tensor weight, Reduction reduction) {
    this.weight = weight == null ? null : Buffer.of(weight);
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.binaryCrossEntropy(x, target, weight, reduction);
  }
}
