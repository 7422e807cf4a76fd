package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.algorithms.Buffers;
import dev.bellows.comm.algorithms.ScratchPool;
import dev.bellows.comm.algorithms.Sums;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Ranks that run the real collectives on virtual machines, in virtual time and in one thread: a
 * loop takes the earliest event and moves the clock to it. The same setup gives the same run.
 */
final class Simulation {
  private final SimModel model;
  private final Random random;
  private final long longestJitter;
  private final List<SimTransport> transports = new ArrayList<>();
  private final List<ProcessGroup> groups = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final int worldSize;
  private long now;
  private long scheduled;
  private long happened;

  private record Event(long time, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      var order = Long.compare(time, other.time);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }

  private Simulation(
      int worldSize, SimModel model, Map<Integer, Double> slow, Random random, long jitter) {
    this.worldSize = worldSize;
    this.model = model;
    this.random = random;
    this.longestJitter = jitter;
    SimLink card = null;
    SimLink memory = null;
    for (var rank = 0; rank < worldSize; rank++) {
      if (rank % model.ranksPerHost() == 0) {
        card = new SimLink(this, model.rate() / slow.getOrDefault(rank, 1.0), model.latency());
        memory = new SimLink(this, SimModel.MEMORY_RATE, 0);
      }
      transports.add(new SimTransport(this, model, rank, card.port(), memory.port()));
    }
  }

  /**
   * Ranks whose payloads are never copied or added, so that thousands fit into memory; the time of
   * additions is charged all the same.
   *
   * @param slow how many times slower the card of a rank is
   */
  static Simulation ofTimes(
      int worldSize, SimModel model, GroupOptions options, Map<Integer, Double> slow) {
    var simulation = new Simulation(worldSize, model, new HashMap<>(slow), null, 0);
    var scratch = new SharedScratch(options.segmentBytes());
    for (var transport : simulation.transports) {
      var sums = new SimSums(transport, model.addRate(), false);
      simulation.groups.add(Group.start(transport, options, scratch, sums));
    }
    return simulation;
  }

  /**
   * Ranks with real payloads, whose frames and halves of frames are late by a random time.
   *
   * @param jitter the longest such time
   */
  static Simulation ofData(
      int worldSize, SimModel model, GroupOptions options, Random random, long jitter) {
    var simulation = new Simulation(worldSize, model, Map.of(), random, jitter);
    for (var transport : simulation.transports) {
      var sums = new SimSums(transport, model.addRate(), true);
      simulation.groups.add(Group.start(transport, options, new PoisonedScratch(random), sums));
    }
    return simulation;
  }

  int worldSize() {
    return worldSize;
  }

  List<ProcessGroup> groups() {
    return groups;
  }

  SimTransport transport(int rank) {
    return transports.get(rank);
  }

  boolean realPayloads() {
    return random != null;
  }

  /** A random delay; 0 where payloads are not real. */
  long jitter() {
    return random == null ? 0 : random.nextLong(longestJitter + 1);
  }

  long now() {
    return now;
  }

  /** How many events there were. */
  long happened() {
    return happened;
  }

  /** Runs an action at a time, after those that were given for that time before. */
  void at(long time, Runnable action) {
    events.add(new Event(Math.max(now, time), scheduled++, action));
  }

  /**
   * Runs until a condition holds.
   *
   * @throws IllegalStateException if it does not hold at the time {@code latest}
   */
  void runUntil(BooleanSupplier done, long latest) {
    while (!done.getAsBoolean()) {
      if (events.isEmpty() || events.peek().time > latest) {
        throw new IllegalStateException(
            "simulation: must be done at " + latest + " ns; is not at " + now + " ns");
      }
      step();
    }
  }

  /** Runs all events up to a time. */
  void runTo(long time) {
    while (!events.isEmpty() && events.peek().time <= time) {
      step();
    }
    now = Math.max(now, time);
  }

  private void step() {
    var event = events.poll();
    now = event.time;
    happened++;
    event.action.run();
  }

  /** Additions that take virtual time. */
  private static final class SimSums extends Sums {
    private final SimTransport transport;
    private final double rate;
    private final boolean real;

    private SimSums(SimTransport transport, double rate, boolean real) {
      this.transport = transport;
      this.rate = rate;
      this.real = real;
    }

    @Override
    public void add(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
      transport.spend(SimModel.nanos(target.remaining(), rate));
      if (real) {
        super.add(type, left, right, target);
      }
    }

    @Override
    public void max(ElementType type, ByteBuffer left, ByteBuffer right, ByteBuffer target) {
      transport.spend(SimModel.nanos(target.remaining(), rate));
      if (real) {
        super.max(type, left, right, target);
      }
    }

    @Override
    public void divide(ElementType type, ByteBuffer target, int leaves) {
      transport.spend(SimModel.nanos(target.remaining(), rate));
      if (real) {
        super.divide(type, target, leaves);
      }
    }
  }

  /** The same memory for everyone. */
  private static final class SharedScratch extends ScratchPool {
    private final ByteBuffer all;

    private SharedScratch(int largest) {
      super(0);
      this.all = Ranks.direct(largest);
    }

    @Override
    public ByteBuffer take(int bytes) {
      return Buffers.slice(all, 0, bytes);
    }

    @Override
    public void give(ByteBuffer buffer) {}
  }

  /** What was given back must not be read again, nor what was not yet written. */
  private static final class PoisonedScratch extends ScratchPool {
    private final Random random;

    private PoisonedScratch(Random random) {
      super(1 << 20);
      this.random = random;
    }

    @Override
    public void give(ByteBuffer buffer) {
      var garbage = new byte[buffer.capacity()];
      random.nextBytes(garbage);
      buffer.duplicate().clear().put(garbage);
      super.give(buffer);
    }
  }
}
