package dev.bellows.comm.algorithms;

import dev.bellows.proto.comm.Frame;

/**
 * The algorithm of an all-reduce of B bytes over N ranks. Both give the same bits; the choice
 * depends on N and B alone, so all ranks make the same.
 *
 * <p>Costs, with L for one hop between two event threads, o for handling one frame, g for moving
 * and a for adding one byte, d for both where nothing overlaps (h = ⌈log2 N⌉, and 2 more hops if N
 * is no power of two):
 *
 * <table>
 *   <caption>steps and bytes of one rank</caption>
 *   <tr><th></th><th>hops</th><th>frames sent</th><th>bytes sent</th><th>bytes added</th></tr>
 *   <tr><td>direct</td><td>2</td><td>2·(N−1)</td><td>2·(N−1)/N·B</td><td>(N−1)/N·B</td></tr>
 *   <tr><td>doubling</td><td>h</td><td>h</td><td>h·B</td><td>h·B</td></tr>
 * </table>
 *
 * <p>The time is about hops·L + frames·o + bytes·g + added·a, or hops·L + frames·o + bytes·d. The
 * constants are those of event threads on loopback. Direct sends no more bytes than a ring, the
 * least there can be, and works on segments while others travel; doubling needs fewer frames. The
 * frames and bytes of a rank that brings several partials are a multiple of these.
 *
 * <p>Sources: Thakur, Rabenseifner, Gropp, Optimization of Collective Communication Operations in
 * MPICH, 2005, section 4.5, for doubling and its treatment of other numbers than powers of two.
 */
public enum Algorithm {
  /** Parts go to the owner of their chunk, which sends the result to all. */
  DIRECT(Frame.Algorithm.DIRECT),
  /** Pairs of ranks exchange all they have, at distance 1, 2, 4, … */
  DOUBLING(Frame.Algorithm.DOUBLING);

  private static final double HOP_NANOS = 25_000;
  private static final double FRAME_NANOS = 5_000;
  private static final double MOVE_NANOS = 0.45;
  private static final double ADD_NANOS = 0.15;
  private static final double ALONE_NANOS = 1.0;

  private final Frame.Algorithm onWire;

  Algorithm(Frame.Algorithm onWire) {
    this.onWire = onWire;
  }

  Frame.Algorithm onWire() {
    return onWire;
  }

  /**
   * Returns the algorithm that should take less time.
   *
   * @param limit doubling sends a buffer as one frame, of at most so many bytes
   */
  static Algorithm choose(int worldSize, long bytes, long limit) {
    if (worldSize == 1 || bytes > limit) {
      return DIRECT;
    }
    return doublingNanos(worldSize, bytes) < directNanos(worldSize, bytes) ? DOUBLING : DIRECT;
  }

  static double directNanos(int worldSize, long bytes) {
    var others = worldSize - 1;
    var share = (double) others / worldSize * bytes;
    return 2 * HOP_NANOS + 2 * others * FRAME_NANOS + 2 * share * MOVE_NANOS + share * ADD_NANOS;
  }

  static double doublingNanos(int worldSize, long bytes) {
    var power = Integer.highestOneBit(worldSize);
    var hops = Integer.numberOfTrailingZeros(power) + (power == worldSize ? 0 : 2);
    return hops * (HOP_NANOS + FRAME_NANOS + bytes * ALONE_NANOS);
  }
}
