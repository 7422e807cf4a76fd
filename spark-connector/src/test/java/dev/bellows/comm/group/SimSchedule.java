package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.Work;
import dev.bellows.comm.algorithms.Buffers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One random program of a few operations, run in one random order of events. What an operation
 * gives is compared with the naive tree as soon as its work is done, and its buffers are then
 * overwritten, so that a frame still to be read from them, or written to them, would show.
 */
final class SimSchedule {
  private static final long LATEST_NANOS = 100_000_000_000L;
  private static final long OPERATION_MS = 10_000;
  private static final int MOST_ELEMENTS = 600;

  private final Random random;
  private final Simulation simulation;
  private final int worldSize;
  private final List<Step> steps = new ArrayList<>();
  private final List<Mine> all = new ArrayList<>();
  private int notStarted;
  private boolean faulty;

  /** Kept, because a listener's exception goes nowhere. */
  private AssertionError wrong;

  /** One operation, as all ranks know it. */
  private record Step(
      Kind kind,
      NaiveReduction naive,
      ReduceKind reduce,
      int[] bounds,
      int root,
      List<Integer> holders,
      ByteBuffer result) {}

  private enum Kind {
    ALL_REDUCE,
    REDUCE_SCATTER,
    ALL_GATHER,
    BROADCAST,
    BARRIER
  }

  /** One operation at one rank: what it reads and writes, and what must be in out. */
  private static final class Mine {
    private final int rank;
    private final Step step;
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final List<byte[]> garbage = new ArrayList<>();
    private ByteBuffer out;
    private ByteBuffer expected;
    private Work work;
    private Throwable error;

    private Mine(int rank, Step step) {
      this.rank = rank;
      this.step = step;
    }

    @Override
    public String toString() {
      return step.kind + " at rank " + rank + (error == null ? "" : ", " + error);
    }
  }

  SimSchedule(long seed) {
    this.random = new Random(seed);
    this.worldSize = 2 + random.nextInt(random.nextInt(4) == 0 ? 15 : 5);
    var segmentBytes = 64 << random.nextInt(5);
    var options =
        new GroupOptions(
            3,
            segmentBytes,
            random.nextBoolean() ? segmentBytes : 0,
            segmentBytes * (4 + random.nextInt(40)),
            OPERATION_MS,
            1_000,
            500,
            3_000);
    var high = 200 + random.nextInt(8_000);
    var model =
        new SimModel(
            5e7 * (1 + random.nextInt(100)),
            random.nextInt(50_000),
            random.nextInt(5_000),
            1e9,
            1e9,
            64,
            high,
            1 + random.nextInt(high),
            1 + random.nextInt(3));
    var jitter = 1 + random.nextInt(1 << random.nextInt(20));
    this.simulation = Simulation.ofData(worldSize, model, options, random, jitter);
    for (var count = 1 + random.nextInt(6); count > 0; count--) {
      steps.add(step());
    }
  }

  private Step step() {
    var type = ElementType.values()[random.nextInt(4)];
    var reduce = ReduceKind.values()[random.nextInt(3)];
    if (type == ElementType.INT64 && reduce == ReduceKind.MEAN) {
      reduce = ReduceKind.SUM;
    }
    var kind = Kind.values()[Math.max(0, random.nextInt(8) - 3)];
    var elements = random.nextInt(random.nextBoolean() ? 10 : MOST_ELEMENTS);
    var naive = NaiveReduction.random(random, type, 1 + random.nextInt(20), elements);
    var bounds = new int[worldSize + 1];
    for (var i = 1; i < worldSize; i++) {
      bounds[i] = random.nextInt(elements + 1);
    }
    bounds[worldSize] = elements;
    Arrays.sort(bounds);
    var holders = new ArrayList<Integer>();
    for (var rank = 0; rank < worldSize; rank++) {
      holders.add(rank);
    }
    Collections.shuffle(holders, random);
    var result = naive.reduce(reduce);
    return new Step(kind, naive, reduce, bounds, random.nextInt(worldSize), holders, result);
  }

  // Healthy runs.

  /** All ranks do all of it; checks results and that no rank fails. */
  void run() {
    startAll(worldSize);
    simulation.runUntil(this::done, LATEST_NANOS);
    for (var mine : all) {
      if (mine.error != null) {
        throw new IllegalStateException(mine.error);
      }
    }
    end();
  }

  /** One rank is killed, aborts, or never starts its last operation. */
  void runWithFault() {
    faulty = true;
    var victim = random.nextInt(worldSize);
    var fault = random.nextInt(3);
    startAll(fault == 2 ? victim : worldSize);
    if (fault < 2) {
      var at = random.nextLong(1 + random.nextInt(1 << random.nextInt(22)));
      simulation.at(at, fault == 0 ? () -> kill(victim) : () -> abort(victim));
    }
    simulation.runUntil(this::done, LATEST_NANOS);
    end();
  }

  private void kill(int rank) {
    simulation.transport(rank).kill();
    all.removeIf(mine -> mine.rank == rank);
  }

  private void abort(int rank) {
    simulation.groups().get(rank).abort(new IllegalStateException("loss is NaN"));
  }

  private boolean done() {
    return notStarted == 0 && all.stream().allMatch(mine -> mine.work.isDone());
  }

  /** Starts the operations of each rank in order, at random times. */
  private void startAll(int without) {
    for (var rank = 0; rank < worldSize; rank++) {
      var me = rank;
      var time = 0L;
      var spread = 1 << random.nextInt(20);
      for (var step : steps) {
        time += random.nextInt(spread);
        if (rank == without && step == steps.get(steps.size() - 1)) {
          break;
        }
        notStarted++;
        simulation.at(
            time,
            () -> {
              notStarted--;
              if (!simulation.transport(me).killed()) {
                start(new Mine(me, step));
              }
            });
      }
    }
  }

  private void start(Mine mine) {
    all.add(mine);
    var group = simulation.groups().get(mine.rank);
    mine.work =
        switch (mine.step.kind) {
          case ALL_REDUCE, REDUCE_SCATTER -> startReduction(mine, group);
          case ALL_GATHER -> startGather(mine, group);
          case BROADCAST -> startBroadcast(mine, group);
          case BARRIER -> group.barrier();
        };
    mine.work.onComplete(error -> ended(mine, error));
  }

  private Work startReduction(Mine mine, ProcessGroup group) {
    var step = mine.step;
    var naive = step.naive;
    var partials = naive.partials(step.reduce, worldSize, step.holders.get(mine.rank));
    partials.forEach(partial -> mine.buffers.add(partial.data()));
    var scatter = step.kind == Kind.REDUCE_SCATTER;
    var inPlace =
        !partials.isEmpty()
            && partials.get(0).data().remaining() == naive.bytes()
            && random.nextBoolean();
    var whole = inPlace ? partials.get(0).data() : Ranks.direct(naive.bytes());
    mine.out = scatter ? chunk(step, whole, mine.rank) : whole;
    mine.expected = scatter ? chunk(step, step.result, mine.rank) : step.result;
    mine.buffers.add(mine.out);
    return scatter
        ? group.reduceScatter(
            naive.leaves(), partials, mine.out, step.bounds, naive.type(), step.reduce)
        : group.allReduce(naive.leaves(), partials, mine.out, naive.type(), step.reduce);
  }

  private static ByteBuffer chunk(Step step, ByteBuffer whole, int rank) {
    var bytes = step.naive.type().bytes();
    var first = step.bounds[rank];
    return Buffers.slice(whole, first * bytes, (step.bounds[rank + 1] - first) * bytes);
  }

  private Work startGather(Mine mine, ProcessGroup group) {
    var step = mine.step;
    mine.out = Ranks.direct(step.naive.bytes());
    mine.expected = step.result;
    mine.buffers.add(mine.out);
    chunk(step, mine.out, mine.rank).put(chunk(step, step.result, mine.rank));
    return group.allGather(mine.out, step.bounds, step.naive.type());
  }

  private Work startBroadcast(Mine mine, ProcessGroup group) {
    var step = mine.step;
    var root = mine.rank == step.root;
    mine.out = root ? Ranks.copy(step.result) : Ranks.direct(step.naive.bytes());
    mine.expected = step.result;
    mine.buffers.add(mine.out);
    return group.broadcast(mine.out, step.root);
  }

  /** The buffers are the caller's again. */
  private void ended(Mine mine, Throwable error) {
    mine.error = error;
    try {
      if (error == null && mine.out != null) {
        var naive = mine.step.naive;
        assertThat(naive.bits(mine.out)).as(mine.toString()).isEqualTo(naive.bits(mine.expected));
      }
    } catch (AssertionError e) {
      wrong = wrong == null ? e : wrong;
    }
    for (var buffer : mine.buffers) {
      var garbage = new byte[buffer.capacity()];
      random.nextBytes(garbage);
      buffer.duplicate().clear().put(garbage);
    }
    mine.buffers.forEach(buffer -> mine.garbage.add(Ranks.bytes(buffer)));
  }

  /** Closes the groups, each at its time, and lets everything come to rest. */
  private void end() {
    var end = simulation.now() + 30_000_000_000L;
    for (var group : simulation.groups()) {
      simulation.at(simulation.now() + random.nextInt(1 << random.nextInt(20)), group::close);
    }
    simulation.runTo(end);
    if (wrong != null) {
      throw wrong;
    }
    for (var mine : all) {
      for (var i = 0; i < mine.buffers.size(); i++) {
        assertThat(Ranks.bytes(mine.buffers.get(i)))
            .as(mine + " wrote when it was done")
            .isEqualTo(mine.garbage.get(i));
      }
      assertThat(faulty || mine.error == null).isTrue();
    }
    if (faulty) {
      assertThat(all).filteredOn(mine -> mine.error != null).allMatch(SimSchedule::explained);
    }
  }

  private static boolean explained(Mine mine) {
    return mine.error instanceof CommException e
        && e.category() == CommException.Category.RETRYABLE;
  }
}
