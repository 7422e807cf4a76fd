package dev.bellows.spark;

import java.io.Serializable;

/** The learning rate of each step; steps count from 0 at the start of training. */
@FunctionalInterface
public interface LearningRate extends Serializable {
  /** Returns the learning rate of {@code step}; it must depend on the step only. */
  double at(long step);

  /**
   * Returns the rate of a schedule that advances with each step. The schedule is made for a
   * separate optimizer: momentum that it cycles does not change, and one that needs a metric is an
   * error.
   *
   * @param lr the base rate
   */
  static LearningRate of(double lr, ScheduleFactory schedule) {
    return of(lr, 1, schedule);
  }

  /**
   * Returns the rate of a schedule that advances with each epoch; works like {@link #of(double,
   * ScheduleFactory)}.
   *
   * @param stepsPerEpoch rows / global batch, rounded up
   */
  static LearningRate of(double lr, long stepsPerEpoch, ScheduleFactory schedule) {
    return new ScheduledRate(lr, stepsPerEpoch, schedule);
  }
}
