package dev.bellows.spark;

import dev.bellows.optim.schedule.ReduceLROnPlateau;
import java.io.Serializable;

/** The learning rate of each step; steps count from 0 at the start of training. */
@FunctionalInterface
public interface LearningRate extends Serializable {
  /** Returns the learning rate of {@code step}; it must depend on the step only. */
  double at(long step);

  /**
   * Returns the learning rate of {@code step} after the evaluations before it; it must depend on
   * these two only (default: {@link #at(long)}).
   */
  default double at(long step, Evaluations before) {
    return at(step);
  }

  /** Returns whether rates depend on evaluations, which then follow each epoch. */
  default boolean needsEvaluations() {
    return false;
  }

  /**
   * Returns a rate that is reduced when the metric of the job's evaluations stops improving. Epochs
   * of the options are evaluations, one after each epoch; their mode is the job's.
   *
   * @param lr the rate at the start
   */
  static LearningRate plateau(double lr, ReduceLROnPlateau.Options options) {
    return new PlateauRate(lr, options);
  }

  /**
   * Returns the rate of a schedule that advances with each step. The schedule is made for a
   * separate optimizer: momentum that it cycles does not change, and one that needs a metric is an
   * error; see {@link #plateau}.
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
