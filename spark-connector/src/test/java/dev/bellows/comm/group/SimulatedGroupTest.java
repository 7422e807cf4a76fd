package dev.bellows.comm.group;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The collectives in thousands of orders of events. A failure names the seed of its schedule, which
 * {@code -Dtest.schedule=} repeats alone.
 */
class SimulatedGroupTest {
  private static final int SCHEDULES = Integer.getInteger("test.schedules", 1_000);
  private static final Long ONE = Long.getLong("test.schedule");

  private interface Body {
    void run(SimSchedule schedule);
  }

  private static void schedules(int count, Body body) {
    var random = Ranks.random();
    for (var i = 0; i < (ONE == null ? count : 1); i++) {
      var seed = ONE == null ? random.nextLong() : ONE;
      try {
        body.run(new SimSchedule(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dtest.schedule=" + seed + ": " + e, e);
      }
    }
  }

  @Test
  @Timeout(120)
  void everyOrderOfEventsGivesTheSameBits() {
    schedules(SCHEDULES, SimSchedule::run);
  }

  @Test
  @Timeout(120)
  void aFaultAtAnyTimeEndsEveryOperationAndLeavesTheBuffers() {
    schedules(SCHEDULES, SimSchedule::runWithFault);
  }
}
