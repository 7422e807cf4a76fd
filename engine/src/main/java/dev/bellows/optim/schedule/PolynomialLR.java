package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Lowers the rates to 0 at epoch totalIters by (1 − epoch/totalIters)ᵖᵒʷᵉʳ. Source: PyTorch's
 * {@code torch.optim.lr_scheduler.PolynomialLR}.
 */
public final class PolynomialLR extends LRScheduler {
  private final long totalIters;
  private final double power;

  /** Falls on a line to 0 in 5 epochs. */
  public PolynomialLR(Optimizer optimizer) {
    this(optimizer, 5, 1);
  }

  /** Falls to 0 in some epochs. */
  public PolynomialLR(Optimizer optimizer, long totalIters, double power) {
    super(optimizer);
    this.totalIters = totalIters;
    this.power = power;
    start();
  }

  @Override
  protected double lr(int group) {
    if (isInitial() || lastEpoch() > totalIters) {
      return group(group).lr();
    }
    double now = 1 - (double) lastEpoch() / totalIters;
    double before = 1 - (double) (lastEpoch() - 1) / totalIters;
    return group(group).lr() * StrictMath.pow(now / before, power);
  }

  @Override
  double closedForm(int group) {
    double left = totalIters == 0 ? 0 : 1 - (double) Math.min(totalIters, lastEpoch()) / totalIters;
    return baseLr(group) * StrictMath.pow(left, power);
  }
}
