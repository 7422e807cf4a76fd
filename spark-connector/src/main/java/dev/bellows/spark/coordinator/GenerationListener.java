package dev.bellows.spark.coordinator;

/** Receives the events of a generation, under its lock: must return quickly. */
public interface GenerationListener {
  /** Called when all ranks have reported a step; steps come in order. */
  void step(StepSummary summary);

  /** Called when an evaluation is complete. */
  void evaluated(long stepsDone, double metric);

  /** Called with a warning for the user; training continues. */
  default void warned(String message) {}
}
