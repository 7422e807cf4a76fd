package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.tensor.Tensor;

/**
 * Computes max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin). Source: PyTorch's {@code
 * torch.nn.TripletMarginLoss}.
 */
public final class TripletMarginLoss extends Module {
  private final double margin;
  private final double p;
  private final double eps;
  private final boolean swap;
  private final Reduction reduction;

  /** Creates a loss with the defaults. */
  public TripletMarginLoss() {
    this(1, 2, 1e-6, false, Reduction.MEAN);
  }

  /** Creates a loss with the defaults but for the reduction. */
  public TripletMarginLoss(Reduction reduction) {
    this(1, 2, 1e-6, false, reduction);
  }

  /**
   * Creates a loss.
   *
   * @param margin positive; default 1
   * @param p of the norm; default 2
   * @param eps added to each difference; default 1e-6
   * @param swap whether a smaller distance of positive and negative counts; default false
   * @param reduction how values are reduced; default MEAN
   */
  public TripletMarginLoss(double margin, double p, double eps, boolean swap, Reduction reduction) {
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
    this.reduction = reduction;
  }

  @Override
  protected Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
    return Functional.tripletMarginLoss(
        anchor, positive, negative, margin, p, eps, swap, reduction);
  }
}
