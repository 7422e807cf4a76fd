package dev.bellows.optim.schedule;

import dev.bellows.optim.Optimizer;
import java.util.Arrays;

/**
 * Multiplies the rates by gamma at each milestone, as often as it is listed. Source: PyTorch's
 * {@code torch.optim.lr_scheduler.MultiStepLR}.
 */
public final class MultiStepLR extends LRScheduler {
  private final long[] milestones;
  private final double gamma;

  /** Multiplies by gamma (PyTorch's default: 0.1) at the given epochs, in any order. */
  public MultiStepLR(Optimizer optimizer, double gamma, long... milestones) {
    super(optimizer);
    this.milestones = milestones.clone();
    this.gamma = gamma;
    start();
  }

  @Override
  protected double lr(int group) {
    long times = Arrays.stream(milestones).filter(m -> m == lastEpoch()).count();
    return times == 0 ? group(group).lr() : group(group).lr() * StrictMath.pow(gamma, times);
  }

  @Override
  double closedForm(int group) {
    long passed = Arrays.stream(milestones).filter(m -> m <= lastEpoch()).count();
    return baseLr(group) * StrictMath.pow(gamma, passed);
  }
}
