package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import dev.bellows.optim.Optimizer;

/**
 * Moves the factor of the rates on a line from startFactor to endFactor at epoch totalIters; a
 * warm-up by default. Source: PyTorch's {@code torch.optim.lr_scheduler.LinearLR}.
 */
public final class LinearLR extends LRScheduler {
  private final double startFactor;
  private final double endFactor;
  private final long totalIters;

  /** Rises from a third of the rates to all in 5 epochs. */
  public LinearLR(Optimizer optimizer) {
    this(optimizer, 1.0 / 3, 1, 5);
  }

  /**
   * Moves between two factors.
   *
   * @throws IllegalArgumentException if startFactor is not in (0, 1] or endFactor not in [0, 1]
   */
  public LinearLR(Optimizer optimizer, double startFactor, double endFactor, long totalIters) {
    super(optimizer);
    if (!(startFactor > 0 && startFactor <= 1)) {
      throw new IllegalArgumentException(
          message(
              "Starting multiplicative factor expected to be greater than 0 and less or equal to"
                  + " 1.; got %s",
              startFactor));
    }
    if (!(endFactor >= 0 && endFactor <= 1)) {
      throw new IllegalArgumentException(
          "Ending multiplicative factor expected to be between 0 and 1.; got " + endFactor);
    }
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    start();
  }

  @Override
  protected double lr(int group) {
    double rate = group(group).lr();
    if (lastEpoch() == 0) {
      return rate * startFactor;
    }
    if (isInitial() || lastEpoch() > totalIters) {
      return rate;
    }
    double rise = endFactor - startFactor;
    return rate * (1 + rise / (totalIters * startFactor + (lastEpoch() - 1) * rise));
  }

  @Override
  double closedForm(int group) {
    double part = totalIters == 0 ? 1 : (double) Math.min(totalIters, lastEpoch()) / totalIters;
    return baseLr(group) * (startFactor + (endFactor - startFactor) * part);
  }
}
