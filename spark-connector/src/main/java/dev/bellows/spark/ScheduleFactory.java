package dev.bellows.spark;

import dev.bellows.optim.Optimizer;
import dev.bellows.optim.schedule.LRScheduler;
import java.io.Serializable;

/** Makes the learning-rate schedule of a job. */
@FunctionalInterface
public interface ScheduleFactory extends Serializable {
  /** Returns a schedule of the given optimizer, which has one group. */
  LRScheduler create(Optimizer optimizer);
}
