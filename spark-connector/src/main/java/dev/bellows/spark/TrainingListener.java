package dev.bellows.spark;

/** Receives the events of a running job on the driver. Must return quickly: training waits. */
public interface TrainingListener {
  /** Called when a step is complete on all executors. */
  default void step(Progress progress) {}

  /** Called with the metric over the evaluation data after {@code step} steps. */
  default void evaluated(long step, double metric) {}

  /** Called when a checkpoint of the state after {@code step} steps is committed. */
  default void checkpoint(long step, String name) {}

  /** Called with a line about an event: a start, a lost worker, a restart. */
  default void message(String line) {}

  /** Called when the job has ended, successfully or not; this is the last event. */
  default void ended() {}
}
