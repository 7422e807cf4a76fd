package dev.bellows.spark.coordinator;

import java.util.EnumSet;
import java.util.Set;

/** Names of a generation's states; {@link Generation} documents the transitions. */
enum Phase {
  RENDEZVOUS,
  READYING,
  TRAINING,
  PAUSING,
  ASSEMBLING,
  FAILING,
  DRAINING,
  ENDED;

  /**
   * Returns whether the workers are released: later events of them or of the job change nothing.
   */
  boolean isOver() {
    return this == DRAINING || this == ENDED;
  }

  /** Returns the states that may follow. */
  Set<Phase> next() {
    return switch (this) {
      case RENDEZVOUS -> EnumSet.of(READYING, FAILING, DRAINING);
      case READYING -> EnumSet.of(TRAINING, FAILING, DRAINING);
      case TRAINING -> EnumSet.of(PAUSING, FAILING, DRAINING);
      case PAUSING -> EnumSet.of(PAUSING, ASSEMBLING, FAILING, DRAINING);
      case ASSEMBLING -> EnumSet.of(TRAINING, PAUSING, FAILING, DRAINING);
      case FAILING -> EnumSet.of(DRAINING);
      case DRAINING -> EnumSet.of(ENDED);
      case ENDED -> EnumSet.noneOf(Phase.class);
    };
  }
}
