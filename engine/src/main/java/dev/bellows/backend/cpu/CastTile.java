package dev.bellows.backend.cpu;

import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;

/**
 * Converts tiles of neighbouring elements between types: loads them to an array of the nearest Java
 * type, converts that to the nearest Java type of the result, and stores it; see {@link FloatTile}
 * for how such loops are written. An instance holds the arrays, and serves one thread.
 */
final class CastTile {
  /** Number of elements of a tile. */
  static final int SIZE = 1024;

  private static final int MAGNITUDE = Integer.MAX_VALUE;
  private static final int INFINITE = 0x7F800000;
  private static final int HALF_SIGN = 0x8000;
  private static final int HALF_MAGNITUDE = 0x7FFF;
  private static final int HALF_SHIFT = 13;
  private static final int HALF_INFINITE = 0x7C00;
  private static final int HALF_NAN = 0x7E00;
  private static final int BRAIN_NAN = 0x7FC0;

  /** The difference of the exponents' biases of FLOAT32 and FLOAT16, as a factor and in place. */
  private static final float REBIAS = 0x1p112f;

  private static final int REBIAS_BITS = 112 << 23;

  /** The largest FLOAT32 below 2^16, the least below which values stay finite, and 2^-14. */
  private static final int BELOW_TOP = 0x477FFFFF;

  private static final int MOST_FINITE = 0x477FEFFF;
  private static final int LEAST_NORMAL = 0x38800000;
  private static final float ONE_HALF = 0.5f;
  private static final int ONE_HALF_BITS = 0x3F000000;

  private final byte[] bytes;
  private final short[] shorts;
  private final int[] ints;
  private final int[] more;
  private final long[] longs;
  private final float[] floats;
  private final float[] shifted;
  private final double[] doubles;

  /** Creates the arrays for tiles of at most {@code size} elements. */
  CastTile(int size) {
    bytes = new byte[size];
    shorts = new short[size];
    ints = new int[size];
    more = new int[size];
    longs = new long[size];
    floats = new float[size];
    shifted = new float[size];
    doubles = new double[size];
  }

  /** Converts n neighbouring elements at one address to those at another. */
  void cast(DType from, long at, DType to, long out, int n) {
    load(from, at, n);
    switch (to) {
      case FLOAT32 -> toFloats(from, n);
      case FLOAT16, BFLOAT16 -> toHalves(from, to, n);
      case FLOAT64 -> toDoubles(from, n);
      case INT64 -> toLongs(from, n);
      case BOOL -> toConditions(from, n);
      default -> toInts(from, n);
    }
    store(to, out, n);
  }

  private void load(DType from, long at, int n) {
    switch (from) {
      case FLOAT32 -> Memory.copyToArray(at, floats, 4L * n);
      case FLOAT64 -> Memory.copyToArray(at, doubles, 8L * n);
      case INT64 -> Memory.copyToArray(at, longs, 8L * n);
      case INT32 -> Memory.copyToArray(at, ints, 4L * n);
      case INT16, FLOAT16, BFLOAT16 -> {
        Memory.copyToArray(at, shorts, 2L * n);
        cast(shorts, ints, n);
        if (from != DType.INT16) {
          decode(from, n);
        }
      }
      case INT8, UINT8, BOOL -> {
        Memory.copyToArray(at, bytes, n);
        cast(bytes, ints, n);
        if (from == DType.UINT8) {
          toUnsigned(ints, n);
        } else if (from == DType.BOOL) {
          normalize(ints, n);
        }
      }
    }
  }

  private void store(DType to, long out, int n) {
    switch (to) {
      case FLOAT32 -> Memory.copyFromArray(floats, out, 4L * n);
      case FLOAT64 -> Memory.copyFromArray(doubles, out, 8L * n);
      case INT64 -> Memory.copyFromArray(longs, out, 8L * n);
      case INT32 -> Memory.copyFromArray(ints, out, 4L * n);
      case INT16, FLOAT16, BFLOAT16 -> {
        cast(ints, shorts, n);
        Memory.copyFromArray(shorts, out, 2L * n);
      }
      case INT8, UINT8, BOOL -> {
        cast(ints, bytes, n);
        Memory.copyFromArray(bytes, out, n);
      }
    }
  }

  private void toFloats(DType from, int n) {
    switch (from) {
      case FLOAT64 -> cast(doubles, floats, n);
      case INT64 -> rounded(longs, floats, n);
      case INT32, INT16, INT8, UINT8, BOOL -> rounded(ints, floats, n);
      default -> {}
    }
  }

  /** Rounds to FLOAT32 first, and INT64 to FLOAT64 before, as the reference does. */
  private void toHalves(DType from, DType to, int n) {
    if (from == DType.INT64) {
      toDoubles(from, n);
      cast(doubles, floats, n);
    } else {
      toFloats(from, n);
    }
    Memory.copyArray(floats, ints, 4L * n);
    if (to == DType.BFLOAT16) {
      roundToBrain(ints, n);
      return;
    }
    shift(floats, shifted, n);
    Memory.copyArray(shifted, more, 4L * n);
    roundToHalf(ints, more, n);
  }

  private void toDoubles(DType from, int n) {
    switch (from) {
      case FLOAT32, FLOAT16, BFLOAT16 -> cast(floats, doubles, n);
      case INT64 -> rounded(longs, doubles, n);
      case INT32, INT16, INT8, UINT8, BOOL -> rounded(ints, doubles, n);
      default -> {}
    }
  }

  private void toLongs(DType from, int n) {
    switch (from) {
      case FLOAT32, FLOAT16, BFLOAT16 -> truncated(floats, longs, n);
      case FLOAT64 -> truncated(doubles, longs, n);
      case INT32, INT16, INT8, UINT8, BOOL -> cast(ints, longs, n);
      default -> {}
    }
  }

  /** Converts to INT64 first, as the reference does, unless values are in {@code ints}. */
  private void toInts(DType from, int n) {
    if (from.isFloatingPoint() || from == DType.INT64) {
      toLongs(from, n);
      cast(longs, ints, n);
    }
  }

  private void toConditions(DType from, int n) {
    switch (from) {
      case FLOAT64, INT64 -> {
        if (from == DType.FLOAT64) {
          Memory.copyArray(doubles, longs, 8L * n);
          withoutSign(longs, n);
        }
        normalize(longs, n);
        cast(longs, ints, n);
      }
      case FLOAT32, FLOAT16, BFLOAT16 -> {
        Memory.copyArray(floats, ints, 4L * n);
        withoutSign(ints, n);
        normalize(ints, n);
      }
      default -> normalize(ints, n);
    }
  }

  /** Makes {@code floats} of the bits of halves. */
  private void decode(DType from, int n) {
    if (from == DType.BFLOAT16) {
      decodeBrain(ints, n);
    } else {
      decodeHalf(ints, more, n);
      Memory.copyArray(ints, floats, 4L * n);
      scale(floats, n);
      Memory.copyArray(floats, ints, 4L * n);
      finishHalf(ints, more, n);
    }
    Memory.copyArray(ints, floats, 4L * n);
  }

  private static void decodeBrain(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] <<= 16;
    }
  }

  /** Makes numbers that are 2^112 times too small, and signs. */
  private static void decodeHalf(int[] x, int[] signs, int n) {
    for (int i = 0; i < n; i++) {
      int bits = x[i];
      x[i] = (bits & HALF_MAGNITUDE) << HALF_SHIFT;
      signs[i] = (bits & HALF_SIGN) << 16;
    }
  }

  private static void scale(float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= REBIAS;
    }
  }

  /** Makes infinity and NaN of numbers from 2^16, and sets signs. */
  private static void finishHalf(int[] x, int[] signs, int n) {
    for (int i = 0; i < n; i++) {
      int top = (BELOW_TOP - x[i]) >> 31;
      x[i] = (x[i] + (top & REBIAS_BITS)) | signs[i];
    }
  }

  private static void roundToBrain(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      int bits = x[i];
      int nan = (INFINITE - (bits & MAGNITUDE)) >> 31;
      int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
      int quiet = (bits >>> 16) & HALF_SIGN | BRAIN_NAN;
      x[i] = rounded ^ (rounded ^ quiet) & nan;
    }
  }

  /** Adds ½ to magnitudes, which rounds those below 2^-14 to multiples of 2^-24. */
  private static void shift(float[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.abs(x[i]) + ONE_HALF;
    }
  }

  private static void roundToHalf(int[] x, int[] shifted, int n) {
    for (int i = 0; i < n; i++) {
      int size = x[i] & MAGNITUDE;
      int half = (size + 0xFFF + ((size >>> HALF_SHIFT) & 1) - REBIAS_BITS) >>> HALF_SHIFT;
      half ^= (half ^ (shifted[i] - ONE_HALF_BITS)) & (size - LEAST_NORMAL) >> 31;
      half ^= (half ^ HALF_INFINITE) & (MOST_FINITE - size) >> 31;
      half ^= (half ^ HALF_NAN) & (INFINITE - size) >> 31;
      x[i] = half | (x[i] >>> 16) & HALF_SIGN;
    }
  }

  private static void toUnsigned(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] &= 0xFF;
    }
  }

  /** Moves the sign out, so that zeros of both signs are 0. */
  private static void withoutSign(long[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] <<= 1;
    }
  }

  private static void withoutSign(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] <<= 1;
    }
  }

  /** Sets x[i] to 1 unless it is 0. */
  private static void normalize(int[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] | -x[i]) >>> 31;
    }
  }

  /** Sets x[i] to 1 unless it is 0. */
  private static void normalize(long[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] | -x[i]) >>> 63;
    }
  }

  private static void rounded(int[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  private static void rounded(long[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  private static void rounded(int[] x, double[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  private static void rounded(long[] x, double[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  private static void truncated(float[] x, long[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (long) x[i];
    }
  }

  private static void truncated(double[] x, long[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (long) x[i];
    }
  }

  /** Converts to the low 8 bits. */
  private static void cast(int[] x, byte[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (byte) x[i];
    }
  }

  /** Converts to the low 16 bits. */
  private static void cast(int[] x, short[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (short) x[i];
    }
  }

  /** Converts, keeping signs. */
  private static void cast(int[] x, long[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  /** Converts, keeping signs. */
  private static void cast(byte[] x, int[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  /** Converts, keeping signs. */
  private static void cast(short[] x, int[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  /** Converts to the low 32 bits. */
  private static void cast(long[] x, int[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (int) x[i];
    }
  }

  /** Converts exactly. */
  private static void cast(float[] x, double[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = x[i];
    }
  }

  /** Rounds to nearest even. */
  private static void cast(double[] x, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (float) x[i];
    }
  }
}
