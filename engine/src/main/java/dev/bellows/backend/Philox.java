package dev.bellows.backend;

import dev.bellows.memory.DType;
import java.util.Arrays;

/**
 * The counter-based generator Philox4x32-10: ten rounds of multiplying and mixing turn a counter of
 * four words and a key of two into four random words, so that any element of a stream can be
 * computed independently, on any device, at any time. {@link RandomKey} defines how streams use it.
 * Source: Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, 2011.
 */
public final class Philox {
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long MASK = 0xFFFFFFFFL;
  private static final int HALF = 0xFFFF;
  private static final int M0_LOW = (int) M0 & HALF;
  private static final int M0_HIGH = (int) M0 >>> 16;
  private static final int M1_LOW = (int) M1 & HALF;
  private static final int M1_HIGH = (int) M1 >>> 16;

  /** Number of counters that go through a round together. */
  private static final int BATCH = 256;

  private Philox() {}

  /**
   * Computes the four words for a counter (c0 to c3) and key (k0, k1), and writes them to out[at]
   * onwards.
   */
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out, int at) {
    int x0 = c0;
    int x1 = c1;
    int x2 = c2;
    int x3 = c3;
    int key0 = k0;
    int key1 = k1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (x0 & MASK);
      long p1 = M1 * (x2 & MASK);
      x0 = (int) (p1 >>> 32) ^ x1 ^ key0;
      x1 = (int) p1;
      x2 = (int) (p0 >>> 32) ^ x3 ^ key1;
      x3 = (int) p0;
      key0 += W0;
      key1 += W1;
    }
    out[at] = x0;
    out[at + 1] = x1;
    out[at + 2] = x2;
    out[at + 3] = x3;
  }

  /**
   * Computes words 4·{@code quad} to 4·{@code quad} + 3 of a stream, and writes them to out[at]
   * onwards.
   */
  public static void quad(RandomKey key, long quad, int[] out, int at) {
    long seed = key.seed();
    long sequence = key.sequence();
    block(
        (int) quad,
        (int) (quad >>> 32),
        (int) sequence,
        (int) (sequence >>> 32),
        (int) seed,
        (int) (seed >>> 32),
        out,
        at);
  }

  /**
   * Computes words {@code first} to {@code first + n − 1} of a stream, and writes them to out[0]
   * onwards.
   */
  public static void words(RandomKey key, long first, int n, int[] out) {
    int[] four = new int[4];
    int[][] many = new int[4][Math.min(BATCH, n >>> 2)];
    int i = 0;
    while (i < n) {
      long word = first + i;
      int skip = (int) (word & 3);
      if (skip == 0 && n - i >= 4) {
        int quads = Math.min(BATCH, n - i >>> 2);
        quads(key, word >>> 2, quads, many);
        interleave(many[0], many[1], many[2], many[3], quads, out, i);
        i += 4 * quads;
      } else {
        quad(key, word >>> 2, four, 0);
        int count = Math.min(4 - skip, n - i);
        System.arraycopy(four, skip, out, i, count);
        i += count;
      }
    }
  }

  /** Computes as {@link #quad}, one array for each of the four words. */
  private static void quads(RandomKey key, long first, int n, int[][] x) {
    for (int q = 0; q < n; q++) {
      x[0][q] = (int) (first + q);
      x[1][q] = (int) (first + q >>> 32);
    }
    Arrays.fill(x[2], 0, n, (int) key.sequence());
    Arrays.fill(x[3], 0, n, (int) (key.sequence() >>> 32));
    int key0 = (int) key.seed();
    int key1 = (int) (key.seed() >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      round(x[0], x[1], x[2], x[3], key0, key1, n);
      key0 += W0;
      key1 += W1;
    }
  }

  /**
   * Computes one round. C2 makes vectors of the loop, since the high halves of the products are
   * made of products of 16 bits.
   */
  private static void round(int[] x0, int[] x1, int[] x2, int[] x3, int key0, int key1, int n) {
    for (int q = 0; q < n; q++) {
      int a = x0[q];
      int c = x2[q];
      int middleA = (a >>> 16) * M0_LOW + ((a & HALF) * M0_LOW >>> 16);
      int crossA = (a & HALF) * M0_HIGH + (middleA & HALF);
      int highA = (a >>> 16) * M0_HIGH + (middleA >>> 16) + (crossA >>> 16);
      int middleC = (c >>> 16) * M1_LOW + ((c & HALF) * M1_LOW >>> 16);
      int crossC = (c & HALF) * M1_HIGH + (middleC & HALF);
      int highC = (c >>> 16) * M1_HIGH + (middleC >>> 16) + (crossC >>> 16);
      x0[q] = highC ^ x1[q] ^ key0;
      x1[q] = c * (int) M1;
      x2[q] = highA ^ x3[q] ^ key1;
      x3[q] = a * (int) M0;
    }
  }

  private static void interleave(int[] x0, int[] x1, int[] x2, int[] x3, int n, int[] out, int at) {
    for (int q = 0; q < n; q++) {
      out[at + 4 * q] = x0[q];
      out[at + 4 * q + 1] = x1[q];
      out[at + 4 * q + 2] = x2[q];
      out[at + 4 * q + 3] = x3[q];
    }
  }

  /** Returns word {@code i} of a stream. */
  public static int word(RandomKey key, long i) {
    int[] four = new int[4];
    quad(key, i >>> 2, four, 0);
    return four[(int) (i & 3)];
  }

  /** Returns a word as a number in [0, 1): {@code (word >>> 8) · 2⁻²⁴}. */
  public static double uniform(int word) {
    return (word >>> 8) * 0x1p-24;
  }

  /**
   * Returns the bits of a word that a uniform number of a type can hold without rounding up to 1.
   */
  public static int mask(DType type) {
    return type.isHalf() ? -1 << (Integer.SIZE - type.precision()) : -1;
  }

  /**
   * Converts two words to an integer in [0, range), unsigned; range 0 stands for 2⁶⁴. The bias is
   * below range / 2⁶⁴.
   */
  public static long below(int high, int low, long range) {
    long u = (long) high << 32 | low & MASK;
    return range == 0 ? u : multiplyHighUnsigned(u, range);
  }

  private static long multiplyHighUnsigned(long x, long y) {
    return Math.multiplyHigh(x, y) + (x >> 63 & y) + (y >> 63 & x);
  }

  /** Returns a word as a number in (0, 1]: {@code (word + 1) · 2⁻³²}. */
  public static double above0(int word) {
    return ((word & MASK) + 1) * 0x1p-32;
  }

  /** Returns a word as a number in [0, 1): {@code word · 2⁻³²}. */
  public static double below1(int word) {
    return (word & MASK) * 0x1p-32;
  }

  /**
   * Converts two uniform numbers to a normal number of mean 0 and standard deviation 1; see {@link
   * RandomKind#NORMAL}.
   */
  public static double normal(double u1, double u2) {
    return StrictMath.sqrt(-2 * StrictMath.log(u1)) * StrictMath.cos(2 * StrictMath.PI * u2);
  }
}
