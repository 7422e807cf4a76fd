package dev.bellows.spark;

/** Hears of a job while it runs, on the driver. Must be quick: training waits for it. */
public interface TrainingListener {
  /** A step is done on all executors. */
  default void step(Progress progress) {}

  /** The metric over the evaluation data after {@code step} steps. */
  default void evaluated(long step, double metric) {}

  /** A checkpoint of the state after {@code step} steps is committed. */
  default void checkpoint(long step, String name) {}

  /** One line of what happens: a start, a lost worker, a restart. */
  default void message(String line) {}

  /** The job is over, well or not; nothing comes after it. */
  default void ended() {}
}
