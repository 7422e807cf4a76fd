package dev.bellows.backend.cpu;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.memory.Memory;

/** Dropout of contiguous FLOAT32 elements; see {@link FloatTile} for how such loops are written. */
final class DropoutLoop {
  private static final int TILE = 1024;

  private DropoutLoop() {}

  /** Writes each element divided by 1 − p, or 0 with probability p. */
  static void run(long a, long out, long n, double p, RandomKey key) {
    // u < p for u = (word >>> 8) / 2^24 exactly when word >>> 8 < ceil(p * 2^24).
    int threshold = (int) Math.ceil(p * 0x1p24);
    float keep = (float) (1 - p);
    int most = (int) Math.min(TILE, n);
    float[] x = new float[most];
    int[] bits = new int[most];
    int[] words = new int[most];
    for (long i = 0; i < n; i += most) {
      int count = (int) Math.min(most, n - i);
      Philox.words(key, i, count, words);
      Memory.copyToArray(a + 4 * i, x, 4L * count);
      divide(x, keep, count);
      Memory.copyArray(x, bits, 4L * count);
      drop(bits, words, threshold, count);
      Memory.copyFromArray(bits, out + 4 * i, 4L * count);
    }
  }

  private static void divide(float[] x, float divisor, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = x[i] / divisor;
    }
  }

  private static void drop(int[] bits, int[] words, int threshold, int n) {
    for (int i = 0; i < n; i++) {
      int dropped = ((words[i] >>> 8) - threshold) >> 31;
      bits[i] &= ~dropped;
    }
  }
}
