package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Multiplies the rates by factor until epoch totalIters. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.ConstantLR}.
 */
public final class ConstantLR extends LRScheduler {
  private final double factor;
  private final long totalIters;

  /** Takes a third of the rates for 5 epochs. */
  public ConstantLR(Optimizer optimizer) {
    this(optimizer, 1.0 / 3, 5);
  }

  /**
   * Takes a part of the rates for some epochs.
   *
   * @throws IllegalArgumentException if factor is not in [0, 1]
   */
  public ConstantLR(Optimizer optimizer, double factor, long totalIters) {
    super(optimizer);
    if (!(factor >= 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "Constant multiplicative factor expected to be between 0 and 1.; got " + factor);
    }
    this.factor = factor;
    this.totalIters = totalIters;
    start();
  }

  @Override
  protected double lr(int group) {
    if (lastEpoch() == 0) {
      return group(group).lr() * factor;
    }
    return lastEpoch() == totalIters ? group(group).lr() * (1 / factor) : group(group).lr();
  }

  @Override
  double closedForm(int group) {
    return baseLr(group) * (lastEpoch() >= totalIters ? 1 : factor);
  }
}
