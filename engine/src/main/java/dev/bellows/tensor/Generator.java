package dev.bellows.tensor;

import dev.bellows.backend.RandomKey;

/**
 * A source of random numbers that depend only on a seed and on how many draws came before, never on
 * the device or on who draws. Each draw takes one {@link RandomKey}: (seed, first + number of the
 * draw). The train loop gives each (step, logical shard) its own range of draws by {@link #at}.
 */
public final class Generator {
  private static final int CALL_BITS = 20;
  private static final int SHARD_BITS = 16;
  private static final ThreadLocal<Generator> CURRENT =
      ThreadLocal.withInitial(() -> new Generator(0));

  private final long seed;
  private final long end;
  private long next;

  /** A generator at its first draw. */
  public Generator(long seed) {
    this(seed, 0, Long.MIN_VALUE);
  }

  /** Draws from {@code next} up to, but without, {@code end}, which may be 2⁶³. */
  private Generator(long seed, long next, long end) {
    this.seed = seed;
    this.next = next;
    this.end = end;
  }

  /**
   * The generator of one logical shard at one step; it has 2²⁰ draws of its own.
   *
   * @param step from 0, below 2²⁷ − 1
   * @param shard from 0, below 2¹⁶
   */
  public static Generator at(long seed, long step, int shard) {
    if (step < 0 || step >= (1L << 27) - 1 || shard < 0 || shard >= 1 << SHARD_BITS) {
      throw new IllegalArgumentException(
          "Generator.at: step must be in [0, 2^27 - 1), shard in [0, 2^16); got step "
              + step
              + ", shard "
              + shard);
    }
    long first = (((step + 1) << SHARD_BITS) | shard) << CALL_BITS;
    return new Generator(seed, first, first + (1L << CALL_BITS));
  }

  /** The calling thread's default generator; seed 0 unless set. */
  public static Generator current() {
    return CURRENT.get();
  }

  /** Makes a generator the calling thread's default and answers the one before. */
  public static Generator setCurrent(Generator generator) {
    Generator before = CURRENT.get();
    CURRENT.set(generator);
    return before;
  }

  /** Makes the calling thread's default generator start from a seed. */
  public static void manualSeed(long seed) {
    CURRENT.set(new Generator(seed));
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** Number of the next draw, for {@link #setState}. */
  public long state() {
    return next;
  }

  /** Makes the next draw one that {@link #state()} told of, of this or an equal generator. */
  public void setState(long state) {
    next = state;
  }

  /**
   * The key of the next draw.
   *
   * @throws IllegalStateException if this is the generator of a shard and its draws are used up
   */
  public RandomKey nextKey() {
    if (next == end) {
      long range = (end - 1) >>> CALL_BITS;
      throw new IllegalStateException(
          "Generator: a logical shard must draw at most "
              + (1 << CALL_BITS)
              + " (2^20) times in one step; step "
              + ((range >>> SHARD_BITS) - 1)
              + ", shard "
              + (range & ((1 << SHARD_BITS) - 1))
              + " asked for more");
    }
    return new RandomKey(seed, next++);
  }
}
