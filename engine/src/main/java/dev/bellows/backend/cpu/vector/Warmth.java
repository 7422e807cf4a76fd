package dev.bellows.backend.cpu.vector;

/**
 * Decides how much of a call a vector loop handles. Before it is compiled, a vector loop is a
 * hundred times slower than a scalar one. It therefore processes a small part of each call at
 * first, so that the JIT compiles it, and the scalar loop, which gives the same bits, processes the
 * rest.
 */
final class Warmth {
  private static final long BUDGET_NS = 1_000_000;
  private static final long LEAST = 16;

  private final double hotNs;
  private volatile boolean hot;
  private volatile long part = LEAST;

  /**
   * Creates the state of one loop. {@code hotNs}: a step that takes fewer nanoseconds counts as
   * compiled; infinity if interpreted vectors are fast enough.
   */
  Warmth(double hotNs) {
    this.hotNs = hotNs;
  }

  /** Returns how many of {@code steps} vector steps to run first. */
  long part(long steps) {
    return hot || hotNs == Double.POSITIVE_INFINITY ? steps : Math.min(steps, part);
  }

  /** Records how long steps took; returns whether the vector loop should do the rest as well. */
  boolean isHot(long steps, long nanos) {
    if (nanos < hotNs * steps) {
      hot |= steps >= LEAST;
      return true;
    }
    part = Math.max(LEAST, BUDGET_NS * steps / Math.max(1, nanos));
    return false;
  }
}
