package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.RandomKey;

/**
 * A source of random numbers that depend only on a seed and on how many draws came before, never on
 * the device or on who draws. Each draw takes one {@link RandomKey}: (seed, first + number of the
 * draw). The train loop gives each (step, logical shard) its own range of draws by {@link #at}.
 *
 * <p>As in PyTorch, a process has one default generator, of seed 0 unless {@link #manualSeed} was
 * called, from which all threads draw. Ranks that share a process each have their own: a thread can
 * be given another default by {@link #setCurrent}. Thread-safe; which of several threads gets which
 * draw is up to their timing.
 */
public final class Generator {
  private static final int CALL_BITS = 20;
  private static final int SHARD_BITS = 16;
  private static final Generator DEFAULT = new Generator(0);
  private static final ThreadLocal<Generator> OWN = new ThreadLocal<>();

  private long seed;
  private long end;
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
   * Returns the generator of one logical shard at one step; it has 2²⁰ draws, which no other shard
   * or step uses.
   *
   * @param step from 0, below 2²⁷ − 1
   * @param shard from 0, below 2¹⁶
   */
  public static Generator at(long seed, long step, int shard) {
    if (step < 0 || step >= (1L << 27) - 1 || shard < 0 || shard >= 1 << SHARD_BITS) {
      throw new IllegalArgumentException(
          message(
              "Generator.at: step must be in [0, 2^27 - 1), shard in [0, 2^16); got step %s, shard"
                  + " %s",
              step, shard));
    }
    long first = (((step + 1) << SHARD_BITS) | shard) << CALL_BITS;
    return new Generator(seed, first, first + (1L << CALL_BITS));
  }

  /** Returns the calling thread's own default generator if it was given one, else the process's. */
  public static Generator current() {
    Generator own = OWN.get();
    return own == null ? DEFAULT : own;
  }

  /**
   * Makes a generator the calling thread's default and returns the one before, for another call
   * that takes this one back.
   */
  public static Generator setCurrent(Generator generator) {
    Generator before = current();
    if (generator == DEFAULT) {
      OWN.remove();
    } else {
      OWN.set(generator);
    }
    return before;
  }

  /**
   * Makes the default generator start from a seed: the process's, or the calling thread's own if it
   * was given one.
   */
  public static void manualSeed(long seed) {
    current().restart(seed);
  }

  private synchronized void restart(long newSeed) {
    seed = newSeed;
    next = 0;
    end = Long.MIN_VALUE;
  }

  /** Returns another generator that will draw what this one will draw. */
  public synchronized Generator copy() {
    return new Generator(seed, next, end);
  }

  /** Returns the seed. */
  public synchronized long seed() {
    return seed;
  }

  /** Returns the number of the next draw, for {@link #setState}. */
  public synchronized long state() {
    return next;
  }

  /** Makes the next draw the one at which {@link #state()} was read, of this or an equal one. */
  public synchronized void setState(long state) {
    next = state;
  }

  /**
   * Returns the key of the next draw.
   *
   * @throws IllegalStateException if this is the generator of a shard and its draws are used up
   */
  public synchronized RandomKey nextKey() {
    if (next == end) {
      long range = (end - 1) >>> CALL_BITS;
      throw new IllegalStateException(
          message(
              "Generator: a logical shard must draw at most %s (2^20) times in one step; step %s,"
                  + " shard %s asked for more",
              1 << CALL_BITS, (range >>> SHARD_BITS) - 1, range & ((1 << SHARD_BITS) - 1)));
    }
    return new RandomKey(seed, next++);
  }
}
