package dev.bellows.spark.coordinator;

/** Hears what a generation does. Called under its lock: must be quick. */
public interface GenerationListener {
  /** All ranks have reported this step. Steps come in order. */
  void step(StepSummary summary);

  /** An evaluation is complete: the metric is {@code sum / rows}. */
  void evaluated(long stepsDone, double sum, long rows);

  /** Something the user should know of, which stops nothing. */
  default void warned(String message) {}
}
