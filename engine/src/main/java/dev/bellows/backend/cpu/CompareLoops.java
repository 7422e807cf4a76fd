package dev.bellows.backend.cpu;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Compares FLOAT32, FLOAT64 and INT64 arrays whose rows are contiguous, giving BOOL. Tiles of a row
 * are compared as whole numbers by loops without branches, which random values would mispredict
 * half of the time, and which C2 makes vectors of. Floating-point bits become whole numbers of the
 * same order, with one zero; NaN is noted beside them.
 */
final class CompareLoops {
  /** Number of elements of a tile. */
  private static final int TILE = 512;

  private CompareLoops() {}

  private static boolean accepts(BinaryOp op, DType in, Strided out) {
    boolean compares =
        switch (op) {
          case EQ, NE, LT, LE, GT, GE -> true;
          default -> false;
        };
    boolean type = in == DType.FLOAT32 || in == DType.FLOAT64 || in == DType.INT64;
    return compares && type && out.dtype() == DType.BOOL && out.numel() > 0;
  }

  /** Compares; returns false, having done nothing, for other operations, types and layouts. */
  static boolean binary(BinaryOp op, Strided a, Strided b, Strided out) {
    Walk walk = accepts(op, a.dtype(), out) ? Walk.over(a, b, out) : null;
    if (walk == null) {
      return false;
    }
    Tiles tiles = tiles(a.dtype());
    int first = first(op);
    for (long round = 0; round < walk.rounds; round++) {
      Rows x = walk.rows(0, a, round);
      Rows y = walk.rows(1, b, round);
      Rows z = walk.rows(2, out, round);
      for (long r = 0; r < walk.rows; r++) {
        for (long i = 0; i < walk.n; i += TILE) {
          int n = (int) Math.min(TILE, walk.n - i);
          tiles.load(first, x, r, i, n);
          tiles.load(1 - first, y, r, i, n);
          tiles.compare(op, z.address() + r * z.rowBytes() + i, n);
        }
      }
    }
    return true;
  }

  /** Compares with a number of the array's type; as {@link #binary}. */
  static boolean scalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    Walk walk = accepts(op, a.dtype(), out) ? Walk.over(a, out) : null;
    if (walk == null || walk.rows(0, a, 0).repeats()) {
      return false;
    }
    Tiles tiles = tiles(a.dtype());
    int first = first(op);
    for (long round = 0; round < walk.rounds; round++) {
      Rows x = walk.rows(0, a, round);
      Rows z = walk.rows(1, out, round);
      for (long r = 0; r < walk.rows; r++) {
        for (long i = 0; i < walk.n; i += TILE) {
          int n = (int) Math.min(TILE, walk.n - i);
          tiles.load(first, x, r, i, n);
          tiles.fill(1 - first, scalar, n);
          tiles.compare(op, z.address() + r * z.rowBytes() + i, n);
        }
      }
    }
    return true;
  }

  /** Returns the place of the first operand: x &gt; y and x ≤ y are computed from y &lt; x. */
  private static int first(BinaryOp op) {
    return op == BinaryOp.GT || op == BinaryOp.LE ? 1 : 0;
  }

  private static Tiles tiles(DType type) {
    return type.bytes() == Integer.BYTES ? new IntTiles() : new LongTiles(type);
  }

  /** The two operands' tiles, of which the first becomes the result. */
  private abstract static class Tiles {
    /** Loads an operand, 0 or 1, from a row, starting at element i. */
    abstract void load(int operand, Rows rows, long row, long i, int n);

    /** Sets all elements of an operand. */
    abstract void fill(int operand, Number value, int n);

    /** Makes whole numbers of the operands. */
    abstract void order(int n);

    /** Computes whether operand 0 is less than operand 1. */
    abstract void less(int n);

    /** Computes whether the operands differ. */
    abstract void differ(int n);

    /** Inverts the result, sets that of NaN, and stores it as BOOL. */
    abstract void store(boolean inverts, boolean ofNan, long out, int n);

    final void compare(BinaryOp op, long out, int n) {
      order(n);
      if (op == BinaryOp.EQ || op == BinaryOp.NE) {
        differ(n);
      } else {
        less(n);
      }
      boolean inverts = op == BinaryOp.GE || op == BinaryOp.LE || op == BinaryOp.EQ;
      store(inverts, op == BinaryOp.NE, out, n);
    }
  }

  /** Tiles of FLOAT32. */
  private static final class IntTiles extends Tiles {
    private static final int INFINITE = 0x7F800000;

    private final int[][] tile = new int[2][TILE];
    private final int[] nan = new int[TILE];
    private final byte[] result = new byte[TILE];

    @Override
    void load(int operand, Rows rows, long row, long i, int n) {
      long at = rows.address() + row * rows.rowBytes();
      if (rows.repeats()) {
        Arrays.fill(tile[operand], 0, n, Memory.getInt(at));
      } else {
        Memory.copyToArray(at + i * Integer.BYTES, tile[operand], (long) n * Integer.BYTES);
      }
    }

    @Override
    void fill(int operand, Number value, int n) {
      int bits = Float.floatToRawIntBits((float) value.doubleValue());
      Arrays.fill(tile[operand], 0, n, bits);
    }

    @Override
    void order(int n) {
      Arrays.fill(nan, 0, n, 0);
      order(tile[0], nan, n);
      order(tile[1], nan, n);
    }

    private static void order(int[] x, int[] nan, int n) {
      for (int i = 0; i < n; i++) {
        int magnitude = x[i] & Integer.MAX_VALUE;
        int sign = x[i] >> 31;
        nan[i] |= (INFINITE - magnitude) >>> 31;
        x[i] = (magnitude ^ sign) - sign;
      }
    }

    @Override
    void less(int n) {
      less(tile[0], tile[1], n);
    }

    private static void less(int[] x, int[] y, int n) {
      for (int i = 0; i < n; i++) {
        int a = x[i];
        int b = y[i];
        x[i] = (a - b ^ (a ^ b) & (a - b ^ a)) >>> 31; // right if a - b overflows, too
      }
    }

    @Override
    void differ(int n) {
      differ(tile[0], tile[1], n);
    }

    private static void differ(int[] x, int[] y, int n) {
      for (int i = 0; i < n; i++) {
        int difference = x[i] ^ y[i];
        x[i] = (difference | -difference) >>> 31;
      }
    }

    @Override
    void store(boolean inverts, boolean ofNan, long out, int n) {
      finish(tile[0], nan, inverts ? 1 : 0, ofNan ? 1 : 0, n);
      narrow(tile[0], result, n);
      Memory.copyFromArray(result, out, n);
    }

    private static void finish(int[] x, int[] nan, int inverts, int ofNan, int n) {
      for (int i = 0; i < n; i++) {
        x[i] = ((x[i] ^ inverts) & (nan[i] ^ 1)) | (nan[i] & ofNan);
      }
    }

    private static void narrow(int[] x, byte[] out, int n) {
      for (int i = 0; i < n; i++) {
        out[i] = (byte) x[i];
      }
    }
  }

  /** Tiles of FLOAT64 or INT64. */
  private static final class LongTiles extends Tiles {
    private static final long INFINITE = 0x7FF0000000000000L;

    private final boolean floating;
    private final long[][] tile = new long[2][TILE];
    private final long[] nan = new long[TILE];
    private final byte[] result = new byte[TILE];

    LongTiles(DType type) {
      floating = type.isFloatingPoint();
    }

    @Override
    void load(int operand, Rows rows, long row, long i, int n) {
      long at = rows.address() + row * rows.rowBytes();
      if (rows.repeats()) {
        Arrays.fill(tile[operand], 0, n, Memory.getLong(at));
      } else {
        Memory.copyToArray(at + i * Long.BYTES, tile[operand], (long) n * Long.BYTES);
      }
    }

    @Override
    void fill(int operand, Number value, int n) {
      long bits =
          floating
              ? Double.doubleToRawLongBits(value.doubleValue())
              : Scalars.whole(DType.INT64, value);
      Arrays.fill(tile[operand], 0, n, bits);
    }

    @Override
    void order(int n) {
      if (floating) {
        Arrays.fill(nan, 0, n, 0);
        order(tile[0], nan, n);
        order(tile[1], nan, n);
      }
    }

    private static void order(long[] x, long[] nan, int n) {
      for (int i = 0; i < n; i++) {
        long magnitude = x[i] & Long.MAX_VALUE;
        long sign = -(x[i] >>> 63); // AVX2 has no >> of longs
        nan[i] |= (INFINITE - magnitude) >>> 63;
        x[i] = (magnitude ^ sign) - sign;
      }
    }

    @Override
    void less(int n) {
      less(tile[0], tile[1], n);
    }

    private static void less(long[] x, long[] y, int n) {
      for (int i = 0; i < n; i++) {
        long a = x[i];
        long b = y[i];
        x[i] = (a - b ^ (a ^ b) & (a - b ^ a)) >>> 63; // right if a - b overflows, too
      }
    }

    @Override
    void differ(int n) {
      differ(tile[0], tile[1], n);
    }

    private static void differ(long[] x, long[] y, int n) {
      for (int i = 0; i < n; i++) {
        long difference = x[i] ^ y[i];
        x[i] = (difference | -difference) >>> 63;
      }
    }

    @Override
    void store(boolean inverts, boolean ofNan, long out, int n) {
      finish(tile[0], nan, inverts ? 1 : 0, ofNan ? 1 : 0, n);
      narrow(tile[0], result, n);
      Memory.copyFromArray(result, out, n);
    }

    private static void finish(long[] x, long[] nan, long inverts, long ofNan, int n) {
      for (int i = 0; i < n; i++) {
        x[i] = ((x[i] ^ inverts) & (nan[i] ^ 1)) | (nan[i] & ofNan);
      }
    }

    private static void narrow(long[] x, byte[] out, int n) {
      for (int i = 0; i < n; i++) {
        out[i] = (byte) x[i];
      }
    }
  }
}
