package dev.bellows.optim.schedule;

import static dev.bellows.errors.Messages.message;

import java.util.List;

/**
 * Follows one schedule until a milestone, then the next from its epoch 0. Source: PyTorch's {@code
 * torch.optim.lr_scheduler.SequentialLR}.
 *
 * <pre>{@code
 * LRScheduler schedule =
 *     SequentialLR.warmup(5, 0.1, new CosineAnnealingLR(optimizer, 95));
 * }</pre>
 */
public final class SequentialLR extends SeveralSchedules {
  private final long[] milestones;

  /**
   * Follows schedules of one optimizer.
   *
   * @param milestones the epochs at which the second and later schedules begin, in rising order
   * @throws IllegalArgumentException if there is no schedule, they are of several optimizers, one
   *     is {@link ReduceLROnPlateau}, or there is not one milestone less than schedules
   */
  public SequentialLR(List<? extends LRScheduler> schedules, long... milestones) {
    super("SequentialLR", "", schedules);
    if (milestones.length != schedules.size() - 1) {
      throw new IllegalArgumentException(
          message(
              "Sequential Schedulers expects number of schedulers provided to be one more than the"
                  + " number of milestone points, but got number of schedulers %s and the number of"
                  + " milestones to be equal to %s",
              schedules.size(), milestones.length));
    }
    this.milestones = milestones.clone();
    restart();
  }

  /**
   * Rises from startFactor times the base rates to all of them in some epochs, then follows a
   * schedule.
   */
  public static SequentialLR warmup(long epochs, double startFactor, LRScheduler then) {
    LRScheduler rise = new LinearLR(then.optimizer(), startFactor, 1, epochs);
    return new SequentialLR(List.of(rise, then), epochs);
  }

  /** Returns the index of the schedule of an epoch. */
  private int index(long epoch) {
    int index = 0;
    while (index < milestones.length && milestones[index] <= epoch) {
      index++;
    }
    return index;
  }

  @Override
  public void step() {
    advance();
    int index = index(lastEpoch());
    LRScheduler schedule = schedules().get(index);
    if (index > 0 && milestones[index - 1] == lastEpoch()) {
      schedule.restart();
    } else {
      schedule.step();
    }
    noteRates();
  }

  @Override
  void restart() {
    rewind();
    setLastEpoch(0);
    schedules().get(index(0)).begin();
    noteRates();
  }

  @Override
  void begin() {
    restart();
  }
}
