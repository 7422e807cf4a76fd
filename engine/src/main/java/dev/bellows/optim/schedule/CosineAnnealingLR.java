package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;

/**
 * Lowers the rates along half a cosine from the base rate to etaMin at epoch tMax, and raises them
 * again, without end. Source: Loshchilov and Hutter, SGDR, 2017; PyTorch's {@code
 * torch.optim.lr_scheduler.CosineAnnealingLR}.
 */
public final class CosineAnnealingLR extends LRScheduler {
  private final long tMax;
  private final double etaMin;

  /** Falls to 0 in tMax epochs. */
  public CosineAnnealingLR(Optimizer optimizer, long tMax) {
    this(optimizer, tMax, 0);
  }

  /**
   * Falls to etaMin in tMax epochs.
   *
   * @throws IllegalArgumentException if tMax is not positive
   */
  public CosineAnnealingLR(Optimizer optimizer, long tMax, double etaMin) {
    super(optimizer);
    if (tMax < 1) {
      throw new IllegalArgumentException("CosineAnnealingLR: tMax must be at least 1; got " + tMax);
    }
    this.tMax = tMax;
    this.etaMin = etaMin;
    start();
  }

  @Override
  protected double lr(int group) {
    double rate = group(group).lr();
    if (isInitial()) {
      return rate;
    }
    double range = baseLr(group) - etaMin;
    if (stepCount() == 1 && lastEpoch() > 0) {
      return etaMin + range * (1 + StrictMath.cos(lastEpoch() * Math.PI / tMax)) / 2;
    }
    if (Math.floorMod(lastEpoch() - 1 - tMax, 2 * tMax) == 0) {
      return rate + range * (1 - StrictMath.cos(Math.PI / tMax)) / 2;
    }
    double now = 1 + StrictMath.cos(Math.PI * lastEpoch() / tMax);
    double before = 1 + StrictMath.cos(Math.PI * (lastEpoch() - 1) / tMax);
    return now / before * (rate - etaMin) + etaMin;
  }

  @Override
  double closedForm(int group) {
    double height = 1 + StrictMath.cos(Math.PI * lastEpoch() / tMax);
    return etaMin + (baseLr(group) - etaMin) * height / 2;
  }
}
