package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Multiplies the rates by gamma every epoch. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.ExponentialLR}.
 */
public final class ExponentialLR extends LRScheduler {
  private final double gamma;

  /** Multiplies by gamma. */
  public ExponentialLR(Optimizer optimizer, double gamma) {
    super(optimizer);
    this.gamma = gamma;
    start();
  }

  @Override
  protected double lr(int group) {
    return isInitial() ? group(group).lr() : group(group).lr() * gamma;
  }

  @Override
  double closedForm(int group) {
    return baseLr(group) * StrictMath.pow(gamma, lastEpoch());
  }
}
