package dev.bellows.backend.cpu;

import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;

/**
 * Moves out[i] = condition[i] ? a[i] : b[i] for arrays of any type whose rows are contiguous. Bits
 * are selected by masks: random conditions would mispredict a branch half of the time.
 */
final class SelectLoops {
  private SelectLoops() {}

  /** Selects; returns false, having done nothing, for other layouts. */
  static boolean where(Strided condition, Strided a, Strided b, Strided out) {
    Walk walk = out.numel() == 0 ? null : Walk.over(condition, a, b, out);
    if (walk == null) {
      return false;
    }
    int bytes = out.dtype().bytes();
    for (long round = 0; round < walk.rounds; round++) {
      Rows c = walk.rows(0, condition, round);
      Rows x = walk.rows(1, a, round);
      Rows y = walk.rows(2, b, round);
      Rows z = walk.rows(3, out, round);
      long stepC = c.repeats() ? 0 : 1;
      long stepX = x.repeats() ? 0 : bytes;
      long stepY = y.repeats() ? 0 : bytes;
      for (long r = 0; r < walk.rows; r++) {
        long atC = c.address() + r * c.rowBytes();
        long atX = x.address() + r * x.rowBytes();
        long atY = y.address() + r * y.rowBytes();
        long atZ = z.address() + r * z.rowBytes();
        switch (bytes) {
          case 8 -> longs(atC, stepC, atX, stepX, atY, stepY, atZ, walk.n);
          case 4 -> ints(atC, stepC, atX, stepX, atY, stepY, atZ, walk.n);
          case 2 -> shorts(atC, stepC, atX, stepX, atY, stepY, atZ, walk.n);
          default -> bytes(atC, stepC, atX, stepX, atY, stepY, atZ, walk.n);
        }
      }
    }
    return true;
  }

  /** Returns all ones for true, else 0. */
  private static int mask(long at) {
    int condition = Memory.getByte(at);
    return (condition | -condition) >> 31;
  }

  private static int select(int mask, int a, int b) {
    return b ^ (a ^ b) & mask;
  }

  private static void longs(
      long c, long stepC, long a, long stepA, long b, long stepB, long out, long n) {
    for (long i = 0; i < n; i++) {
      long x = Memory.getLong(a + i * stepA);
      long y = Memory.getLong(b + i * stepB);
      Memory.putLong(out + 8 * i, y ^ (x ^ y) & mask(c + i * stepC));
    }
  }

  private static void ints(
      long c, long stepC, long a, long stepA, long b, long stepB, long out, long n) {
    for (long i = 0; i < n; i++) {
      int x = Memory.getInt(a + i * stepA);
      int y = Memory.getInt(b + i * stepB);
      Memory.putInt(out + 4 * i, select(mask(c + i * stepC), x, y));
    }
  }

  private static void shorts(
      long c, long stepC, long a, long stepA, long b, long stepB, long out, long n) {
    for (long i = 0; i < n; i++) {
      int x = Memory.getShort(a + i * stepA);
      int y = Memory.getShort(b + i * stepB);
      Memory.putShort(out + 2 * i, (short) select(mask(c + i * stepC), x, y));
    }
  }

  private static void bytes(
      long c, long stepC, long a, long stepA, long b, long stepB, long out, long n) {
    for (long i = 0; i < n; i++) {
      int x = Memory.getByte(a + i * stepA);
      int y = Memory.getByte(b + i * stepB);
      Memory.putByte(out + i, (byte) select(mask(c + i * stepC), x, y));
    }
  }
}
