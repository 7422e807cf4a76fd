package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import java.nio.ByteBuffer;
import java.util.List;

/** One all-reduce of all ranks of a simulation, all on the same memory. */
final class SimulatedReduction {
  private static final long LATEST_NANOS = 600_000_000_000L;

  private final Simulation simulation;
  private final ByteBuffer data;
  private int pending;
  private long end;
  private Throwable failure;

  private SimulatedReduction(Simulation simulation, ByteBuffer data) {
    this.simulation = simulation;
    this.data = data;
  }

  static SimulatedReduction of(Simulation simulation, int bytes) {
    return new SimulatedReduction(simulation, Ranks.direct(bytes));
  }

  /** On memory of someone else, who does not read it. */
  static SimulatedReduction on(Simulation simulation, ByteBuffer data) {
    return new SimulatedReduction(simulation, data);
  }

  Simulation simulation() {
    return simulation;
  }

  List<ProcessGroup> groups() {
    return simulation.groups();
  }

  /** Starts it on one rank, which brings one leaf, at a time. */
  void startAt(int rank, long time) {
    pending++;
    simulation.at(time, () -> start(rank));
  }

  private void start(int rank) {
    var worldSize = simulation.worldSize();
    var partials = List.of(new TreePartial(rank, rank + 1, data));
    groups()
        .get(rank)
        .allReduce(worldSize, partials, data, ElementType.FLOAT32)
        .onComplete(
            error -> {
              pending--;
              end = Math.max(end, simulation.transport(rank).nanoTime());
              failure = failure == null ? error : failure;
            });
  }

  boolean done() {
    return pending == 0;
  }

  /** When the last rank was done. */
  long end() {
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return end;
  }

  /** Starts all ranks now; the time until all are done. */
  long run() {
    var begin = simulation.now();
    for (var rank = 0; rank < simulation.worldSize(); rank++) {
      startAt(rank, begin);
    }
    return finish() - begin;
  }

  long finish() {
    simulation.runUntil(this::done, simulation.now() + LATEST_NANOS);
    return end();
  }
}
