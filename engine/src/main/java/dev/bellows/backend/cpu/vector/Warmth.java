package dev.bellows.backend.cpu.vector;

/**
 * Decides how much of a call a vector loop does. Until the compiler has seen it, a vector loop is a
 * hundred times slower than a scalar one; so at first it does a small part of each call, to be
 * noticed, and the scalar loop, which gives the same bits, does the rest.
 */
final class Warmth {
  private static final long BUDGET_NS = 2_000_000;
  private static final long LEAST = 16;

  private final double hotNs;
  private volatile boolean hot;
  private volatile long part = LEAST;

  /**
   * {@code hotNs}: a step that takes less time than this many nanoseconds is compiled; infinity
   * where cold vectors are good enough.
   */
  Warmth(double hotNs) {
    this.hotNs = hotNs;
  }

  /** How many of {@code steps} vector steps to do first. */
  long part(long steps) {
    return hot || hotNs == Double.POSITIVE_INFINITY ? steps : Math.min(steps, part);
  }

  /** Notes how long steps took; whether the vector loop should do the rest too. */
  boolean isHot(long steps, long nanos) {
    if (nanos < hotNs * steps) {
      hot = steps >= LEAST;
      return true;
    }
    part = Math.max(LEAST, BUDGET_NS * steps / Math.max(1, nanos));
    return false;
  }
}
