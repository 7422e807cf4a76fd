package dev.bellows.nn.loss;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes the binary cross-entropy of logits, without overflow. Source: PyTorch's {@code
 * torch.nn.BCEWithLogitsLoss}.
 */
public final class BCEWithLogitsLoss extends Module {
  /** Broadcast to the input, or null. */
  @MayBeNull public final Buffer weight;

  /** Factor of positive targets, broadcast to the input, or null; registered as pos_weight. */
  public final transient Buffer posWeight;

  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public BCEWithLogitsLoss() {
    this(null, null, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public BCEWithLogitsLoss(Reduction reduction) {
    this(null, null, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param weight broadcast to the input
   * @param posWeight factor of positive targets, broadcast to the input
   * @param reduction how values are reduced; default MEAN
   */
  public BCEWithLogitsLoss(Tensor weight, Tensor posWeight, Reduction reduction) {
    this.weight = weight == null ? null : Buffer.of(weight);
    this.posWeight = posWeight == null ? null : register("pos_weight", Buffer.of(posWeight));
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor x, Tensor target) {
    return Functional.binaryCrossEntropyWithLogits(x, target, weight, posWeight, reduction);
  }
}
