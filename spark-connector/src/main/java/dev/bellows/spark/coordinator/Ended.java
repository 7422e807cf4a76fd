package dev.bellows.spark.coordinator;

/** Holds the final outcome; later events change nothing. */
final class Ended extends GenerationState {
  private final Outcome outcome;

  Ended(Generation generation, Outcome outcome) {
    super(generation);
    this.outcome = outcome;
  }

  @Override
  Phase phase() {
    return Phase.ENDED;
  }

  @Override
  void enter() {
    generation.outcome().complete(outcome);
  }
}
