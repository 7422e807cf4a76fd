package dev.bellows.optim.schedule;

import java.util.List;

/**
 * Steps several schedules one after the other each epoch; their factors multiply. Source: PyTorch's
 * {@code torch.optim.lr_scheduler.ChainedScheduler}.
 */
public final class ChainedScheduler extends SeveralSchedules {
  /**
   * Chains schedules of one optimizer.
   *
   * @throws IllegalArgumentException if there is none, they are of several optimizers, or one is
   *     {@link ReduceLROnPlateau}
   */
  public ChainedScheduler(List<? extends LRScheduler> schedules) {
    super("ChainedScheduler", " to be chained", schedules);
    setLastEpoch(0);
  }

  /** Chains schedules of one optimizer. */
  public ChainedScheduler(LRScheduler... schedules) {
    this(List.of(schedules));
  }

  @Override
  public void step() {
    advance();
    schedules().forEach(LRScheduler::step);
    noteRates();
  }

  @Override
  void restart() {
    rewind();
    setLastEpoch(0);
    schedules().forEach(LRScheduler::begin);
    noteRates();
  }

  /** Takes a step in each schedule although it is the first, as PyTorch does. */
  @Override
  void begin() {
    setLastEpoch(-1);
    step();
  }
}
