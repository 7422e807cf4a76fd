package dev.bellows.spark.coordinator;

/** Receives the events of a generation, under its lock: must return quickly. */
public interface GenerationListener {
  /** All ranks have reported this step. Steps come in order. */
  void step(StepSummary summary);

  /** An evaluation is complete: the metric is {@code sum / rows}. */
  void evaluated(long stepsDone, double sum, long rows);

  /** A warning for the user; training continues. */
  default void warned(String message) {}
}
