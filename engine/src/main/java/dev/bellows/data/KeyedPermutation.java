package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Philox;

/**
 * A pseudorandom permutation of [0, n) that is computed, not stored: {@link #at} is a bijection of
 * [0, n) chosen by (seed, epoch), the same on every machine.
 *
 * <p>The smallest domain of 2ᵏ ≥ n numbers with even k is permuted by a balanced Feistel network of
 * {@value #ROUNDS} rounds: the number is split into halves L and R of k/2 bits, and a round makes
 * (R, L xor f(R)) of them, where f is the low k/2 bits of Philox with key seed xor a constant (so
 * that the words differ from those of other streams of the seed) and counter (R, round, epoch).
 * While the result is n or more it is permuted again (cycle walking); the walk ends in [0, n)
 * because it would otherwise return to its start. As the domain is smaller than 4·n, it takes fewer
 * than 4 rounds on average. Source: Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002.
 *
 * <p>Not safe for use by several threads.
 */
public final class KeyedPermutation {
  private static final int ROUNDS = 8;
  private static final long KEY = 0x6265_6C6C_6F77_7321L;

  private final long n;
  private final int halfBits;
  private final long mask;
  private final long seed;
  private final long epoch;
  private final int[] words = new int[4];

  /**
   * Creates the permutation of one epoch.
   *
   * @param seed any
   * @param epoch any
   * @param n number of rows, in [0, 2⁶²]
   * @throws IllegalArgumentException if n is out of range
   */
  public KeyedPermutation(long seed, long epoch, long n) {
    if (n < 0 || n > 1L << 62) {
      throw new IllegalArgumentException("KeyedPermutation: n must be in [0, 2^62]; got " + n);
    }
    int bits = n <= 2 ? 1 : 64 - Long.numberOfLeadingZeros(n - 1);
    this.n = n;
    this.halfBits = (bits + 1) / 2;
    this.mask = (1L << halfBits) - 1;
    this.seed = seed ^ KEY;
    this.epoch = epoch;
  }

  /** Returns the number of rows. */
  public long size() {
    return n;
  }

  /**
   * Returns the row at position i.
   *
   * @throws IndexOutOfBoundsException if i is not in [0, n)
   */
  public long at(long i) {
    if (i < 0 || i >= n) {
      throw new IndexOutOfBoundsException(
          message("KeyedPermutation.at: position must be in [0, %s); got %s", n, i));
    }
    long x = i;
    do {
      x = permute(x);
    } while (x >= n);
    return x;
  }

  private long permute(long x) {
    long left = x >>> halfBits;
    long right = x & mask;
    for (int round = 0; round < ROUNDS; round++) {
      Philox.block(
          (int) right,
          round,
          (int) epoch,
          (int) (epoch >>> 32),
          (int) seed,
          (int) (seed >>> 32),
          words,
          0);
      long next = left ^ (words[0] & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
