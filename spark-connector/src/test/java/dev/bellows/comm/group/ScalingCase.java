package dev.bellows.comm.group;

import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.algorithms.Buffers;
import java.nio.ByteBuffer;
import java.util.Map;

/** One simulated all-reduce and what formulas say of the same machines. */
final class ScalingCase {
  static final GroupOptions OPTIONS =
      new GroupOptions(0, 256 << 10, 256 << 10, 16 << 20, 60_000, 10_000, 1_000, 4_000);

  /** Memory for all ranks of all cases, which nobody reads. */
  private static final ByteBuffer DATA = Ranks.direct(100 << 20);

  private final int ranks;
  private final int bytes;
  private final SimModel model;

  ScalingCase(int ranks, int bytes, SimModel model) {
    this.ranks = ranks;
    this.bytes = bytes;
    this.model = model;
  }

  /**
   * What came out.
   *
   * @param sentBytes payload of the rank that sent most
   */
  record Result(ScalingCase of, String algorithm, double ms, long sentBytes, double hostSeconds) {
    double timeRatio() {
      return ms / of.boundMs();
    }

    double bytesRatio() {
      return sentBytes / (2.0 * (of.ranks - 1) / of.ranks * of.bytes);
    }
  }

  int ranks() {
    return ranks;
  }

  int bytes() {
    return bytes;
  }

  SimModel model() {
    return model;
  }

  Result run() {
    return run(Map.of(), 0);
  }

  /**
   * Runs it with stragglers.
   *
   * @param slow how many times slower the card of a rank is
   * @param lateMs when the middle rank starts; the others start at 0
   */
  Result run(Map<Integer, Double> slow, int lateMs) {
    var begin = System.nanoTime();
    var simulation = Simulation.ofTimes(ranks, model, OPTIONS, slow);
    var reduction = SimulatedReduction.on(simulation, data(bytes));
    for (var rank = 0; rank < ranks; rank++) {
      reduction.startAt(rank, rank == ranks / 2 ? lateMs * 1_000_000L : 0);
    }
    var ms = reduction.finish() / 1e6;
    var sent = 0L;
    for (var group : simulation.groups()) {
      sent = Math.max(sent, group.stats().bytesSent());
    }
    return new Result(
        this, algorithm(simulation.groups().get(0)), ms, sent, (System.nanoTime() - begin) / 1e9);
  }

  static ByteBuffer data(int bytes) {
    return Buffers.slice(DATA, 0, bytes);
  }

  /** The name of what the group chose; the one place that knows. */
  private static String algorithm(ProcessGroup group) {
    return group.worldSize() == 1 ? "none" : group.stats().doublings() > 0 ? "doubling" : "direct";
  }

  /**
   * No all-reduce is faster than its bytes through one card, nor, where a rank sends one frame at a
   * time, than log2 N hops.
   */
  double boundMs() {
    return Math.max(wireMs(2.0 * (ranks - 1) / ranks * bytes), log2() * hopMs());
  }

  private double wireMs(double count) {
    return count / model.rate() * 1e3;
  }

  private double addMs(double count) {
    return count / model.addRate() * 1e3;
  }

  private double hopMs() {
    return (model.latency() + 2 * model.overhead()) / 1e6;
  }

  private int log2() {
    return 32 - Integer.numberOfLeadingZeros(ranks - 1);
  }

  /** A plain ring: 2·(N−1) hops one after the other, of bytes/N each. */
  double ringMs() {
    var part = (double) bytes / ranks;
    return (ranks - 1) * (2 * (hopMs() + wireMs(part)) + addMs(part));
  }

  /** Recursive doubling: log2 N hops of the whole buffer. */
  double doublingMs() {
    return log2() * (hopMs() + wireMs(bytes) + addMs(bytes));
  }

  /** Recursive halving and then doubling: 2·log2 N hops, the bytes of a ring. */
  double halvingMs() {
    var share = (ranks - 1.0) / ranks * bytes;
    return 2 * (log2() * hopMs() + wireMs(share)) + addMs(share);
  }
}
