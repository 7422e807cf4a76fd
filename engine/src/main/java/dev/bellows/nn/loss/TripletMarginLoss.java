package dev.bellows.nn.loss;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Reduction;
import dev.bellows.nn.TripletMarginArgs;
import dev.bellows.tensor.Tensor;

/**
 * Computes max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin). Source: PyTorch's {@code
 * torch.nn.TripletMarginLoss}.
 */
public final class TripletMarginLoss extends Module {
  private final TripletMarginArgs args;

  /** Creates a loss with the defaults. */
  public TripletMarginLoss() {
    this(TripletMarginArgs.create());
  }

  /** Creates a loss with the defaults but for the reduction. */
  public TripletMarginLoss(Reduction reduction) {
    this(TripletMarginArgs.create().reduction(reduction));
  }

  /** Creates a loss. */
  public TripletMarginLoss(TripletMarginArgs args) {
    this.args = args;
  }

  @Override
  protected Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
    return Functional.tripletMarginLoss(anchor, positive, negative, args);
  }
}
