package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Multiplies the rates by gamma every stepSize epochs. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.StepLR}.
 */
public final class StepLR extends LRScheduler {
  private final long stepSize;
  private final double gamma;

  /** Multiplies by 0.1. */
  public StepLR(Optimizer optimizer, long stepSize) {
    this(optimizer, stepSize, 0.1);
  }

  /**
   * Multiplies by gamma.
   *
   * @throws IllegalArgumentException if stepSize is not positive
   */
  public StepLR(Optimizer optimizer, long stepSize, double gamma) {
    super(optimizer);
    if (stepSize < 1) {
      throw new IllegalArgumentException("StepLR: stepSize must be at least 1; got " + stepSize);
    }
    this.stepSize = stepSize;
    this.gamma = gamma;
    start();
  }

  @Override
  protected double lr(int group) {
    boolean falls = lastEpoch() != 0 && lastEpoch() % stepSize == 0;
    return falls ? group(group).lr() * gamma : group(group).lr();
  }

  @Override
  double closedForm(int group) {
    return baseLr(group) * StrictMath.pow(gamma, Math.floorDiv(lastEpoch(), stepSize));
  }
}
