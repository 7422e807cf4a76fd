package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;
import java.util.function.BinaryOperator;

/**
 * Computes max(0, d(anchor, positive) − d(anchor, negative) + margin). Source: PyTorch's {@code
 * torch.nn.TripletMarginWithDistanceLoss}.
 */
public final class TripletMarginWithDistanceLoss extends Module {
  private final BinaryOperator<Tensor> distance;
  private final double margin;
  private final boolean swap;
  private final Reduction reduction;

  /** Creates a loss with the Euclidean distance, margin 1 and no swap. */
  public TripletMarginWithDistanceLoss() {
    this(Functional::pairwiseDistance, 1, false, Reduction.MEAN);
  }

  /**
   * Creates a loss.
   *
   * @param distance d
   * @param margin positive; default 1
   * @param swap whether a smaller distance of positive and negative counts; default false
   * @param reduction how values are reduced; default MEAN
   */
  public TripletMarginWithDistanceLoss(
      BinaryOperator<Tensor> distance, double margin, boolean swap, Reduction reduction) {
    this.distance = distance;
    this.margin = margin;
    this.swap = swap;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
    return Functional.tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance, margin, swap, reduction);
  }
}
