package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;

/** The outcome is known; nothing that comes later changes it. */
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

  @Override
  void received(Member member, ToDriver message) {}

  @Override
  void disconnected(Member member, String why) {}

  @Override
  void decided(BellowsException later) {}

  @Override
  void tick(long now, boolean stoodStill) {}
}
