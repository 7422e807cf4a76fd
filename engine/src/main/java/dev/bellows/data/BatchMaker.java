package dev.bellows.data;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import java.util.concurrent.Callable;

/**
 * The batches of one pass.
 *
 * @param <B> the batches
 */
interface BatchMaker<B> {
  /** Starts passes. */
  interface Start<B> {
    /** Starts a pass whose order follows from a seed. */
    BatchMaker<B> pass(long seed);
  }

  /** Returns whether there may be another batch. */
  boolean hasNext();

  /**
   * Returns what makes the next batch, in any thread, or null at the end of the data. Batches are
   * made in order or at the same time.
   */
  Callable<B> next();

  /**
   * Returns what passes over the next batch, with the same draws as if it were made, and returns
   * whether there was one.
   */
  Callable<Boolean> skipped();

  /** Returns the seed of a pass. */
  static long epochSeed(RandomKey key) {
    int[] words = new int[4];
    Philox.quad(key, 0, words, 0);
    return (long) words[0] << 32 | words[1] & 0xFFFF_FFFFL;
  }
}
