package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulator against closed forms. */
class SimulationTest {
  private static final int HEADER = 64;
  private static final SimModel MODEL = SimModel.gigabits(10);
  private static final GroupOptions OPTIONS =
      new GroupOptions(0, 256 << 10, 0, 16 << 20, 60_000, 10_000, 1_000, 4_000);

  /** What each frame of a number of payload bytes occupies a card for. */
  private static double wire(int bytes) {
    return (bytes + HEADER) / MODEL.rate() * 1e9;
  }

  private static SimulatedReduction reduce(int worldSize, SimModel model, int bytes) {
    return SimulatedReduction.of(Simulation.ofTimes(worldSize, model, OPTIONS, Map.of()), bytes);
  }

  @Test
  @Timeout(60)
  void twoRanksAndOneSegmentEach() {
    var chunk = 60 << 10; // one segment
    var time = reduce(2, MODEL, 2 * chunk).run();
    var hop = 2 * MODEL.overhead() + wire(chunk) + MODEL.latency();
    assertThat((double) time).isCloseTo(2 * hop + chunk / MODEL.addRate() * 1e9, within(10.0));
  }

  @Test
  @Timeout(60)
  void theCopyIntoTheSocketAndOutOfItTakesTime() {
    var chunk = 60 << 10; // one segment
    var free = reduce(2, MODEL, 2 * chunk).run();
    var time = reduce(2, MODEL.withCopyRate(4e9), 2 * chunk).run();
    assertThat((double) (time - free)).isCloseTo(4 * chunk / 4e9 * 1e9, within(10.0));
  }

  /** Only if no two ranks send to the same one at the same time: no queue in the switch. */
  @Test
  @Timeout(60)
  void twoHopsAtFullRateForAnyNumberOfRanks() {
    var model = MODEL.withAddRate(Double.POSITIVE_INFINITY);
    for (var worldSize : new int[] {2, 3, 4, 7, 16, 64}) {
      var chunk = 64 << 10;
      var time = reduce(worldSize, model, worldSize * chunk).run();
      var hop = 2 * MODEL.overhead() + (worldSize - 1) * wire(chunk) + MODEL.latency();
      assertThat((double) time).as("%d ranks", worldSize).isCloseTo(2 * hop, within(200.0));
    }
  }

  @Test
  @Timeout(60)
  void bytesOfEachRankAreTheLowerBound() {
    for (var worldSize : new int[] {2, 4, 8, 16}) {
      var bytes = 6 << 20;
      var reduction = reduce(worldSize, MODEL, bytes);
      reduction.run();
      for (var group : reduction.groups()) {
        assertThat(group.stats().bytesSent()).isEqualTo(2L * (worldSize - 1) * (bytes / worldSize));
        assertThat(group.stats().bytesReceived()).isEqualTo(group.stats().bytesSent());
      }
    }
  }

  @Test
  @Timeout(60)
  void ranksOfOneHostShareItsCard() {
    var model = MODEL.withAddRate(Double.POSITIVE_INFINITY).withRanksPerHost(4);
    var bytes = 8 * (256 << 10);
    var time = (double) reduce(8, model, bytes).run();
    // From each rank to the 4 of the other host, twice; 4 ranks behind one card.
    var card = 2 * 4 * 4 * wire(256 << 10);
    assertThat(time).isBetween(card, card + 2 * (MODEL.latency() + wire(256 << 10)) + 100_000);
  }

  @Test
  @Timeout(60)
  void aSlowCardSlowsAllByItsRate() {
    var bytes = 16 << 20;
    var slow = Simulation.ofTimes(4, MODEL, OPTIONS, Map.of(2, 4.0));
    var time = (double) SimulatedReduction.of(slow, bytes).run();
    var card = 4 * 1.5 * bytes / MODEL.rate() * 1e9;
    assertThat(time).isBetween(card, 1.1 * card);
  }

  @Test
  @Timeout(60)
  void theSameSetupGivesTheSameRun() {
    var first = reduce(13, MODEL, 1_000_000);
    var second = reduce(13, MODEL, 1_000_000);
    assertThat(first.run()).isEqualTo(second.run());
    assertThat(first.simulation().happened()).isEqualTo(second.simulation().happened());
  }

  @Test
  @Timeout(60)
  void deadlinesAreInVirtualTime() {
    var simulation = Simulation.ofTimes(3, MODEL, OPTIONS, Map.of());
    var failures = new ArrayList<String>();
    for (var rank : List.of(0, 1)) {
      var work = simulation.groups().get(rank).barrier();
      work.onComplete(error -> failures.add(error.getMessage()));
    }
    simulation.runTo(59_000_000_000L);
    assertThat(failures).isEmpty();
    simulation.runTo(62_000_000_000L);
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0))
        .contains("barrier: generation 0, sequence 1: rank 0 of 3 waited 6")
        .contains("for rank 2 (virtual) to start it");
    assertThatThrownBy(() -> simulation.runUntil(() -> false, 63_000_000_000L))
        .hasMessageContaining("simulation: must be done at 63000000000 ns");
  }
}
