package dev.bellows.backend.reference;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;
import dev.bellows.memory.Memory;

/**
 * Loads and stores of runs of neighbouring elements, the fast part of {@link Access}. There is a
 * method for each type, so that each is compiled for what it does, whichever types come before.
 * Each returns false, having done nothing, for a type that has none.
 */
final class Runs {
  private Runs() {}

  static boolean load(DType type, long at, int n, double[] to, int start) {
    switch (type) {
      case FLOAT64 -> Memory.copyToArray(at, to, 8L * start, 8L * n);
      case FLOAT32 -> loadFloats(at, n, to, start);
      case BFLOAT16 -> loadBFloats(at, n, to, start);
      case FLOAT16 -> loadHalves(at, n, to, start);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void loadFloats(long at, int n, double[] to, int start) {
    for (int i = 0; i < n; i++) {
      to[start + i] = Memory.getFloat(at + 4L * i);
    }
  }

  private static void loadBFloats(long at, int n, double[] to, int start) {
    for (int i = 0; i < n; i++) {
      to[start + i] = Halves.fromBFloat16(Memory.getShort(at + 2L * i));
    }
  }

  private static void loadHalves(long at, int n, double[] to, int start) {
    for (int i = 0; i < n; i++) {
      to[start + i] = Halves.fromFloat16(Memory.getShort(at + 2L * i));
    }
  }

  static boolean store(DType type, long at, int n, double[] from, int start) {
    switch (type) {
      case FLOAT64 -> Memory.copyFromArray(from, 8L * start, at, 8L * n);
      case FLOAT32 -> storeFloats(at, n, from, start);
      case BFLOAT16 -> storeBFloats(at, n, from, start);
      case FLOAT16 -> storeHalves(at, n, from, start);
      case INT64 -> storeLongs(at, n, from, start);
      case BOOL -> storeBooleans(at, n, from, start);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void storeFloats(long at, int n, double[] from, int start) {
    for (int i = 0; i < n; i++) {
      Memory.putFloat(at + 4L * i, (float) from[start + i]);
    }
  }

  private static void storeBFloats(long at, int n, double[] from, int start) {
    for (int i = 0; i < n; i++) {
      Memory.putShort(at + 2L * i, Halves.toBFloat16((float) from[start + i]));
    }
  }

  private static void storeHalves(long at, int n, double[] from, int start) {
    for (int i = 0; i < n; i++) {
      Memory.putShort(at + 2L * i, Halves.toFloat16((float) from[start + i]));
    }
  }

  private static void storeLongs(long at, int n, double[] from, int start) {
    for (int i = 0; i < n; i++) {
      Memory.putLong(at + 8L * i, (long) from[start + i]);
    }
  }

  private static void storeBooleans(long at, int n, double[] from, int start) {
    for (int i = 0; i < n; i++) {
      Memory.putByte(at + i, isNotZero(Double.doubleToRawLongBits(from[start + i]) << 1));
    }
  }

  /** Returns 1 if x is not 0, without a branch, which random values would mispredict. */
  private static byte isNotZero(long x) {
    return (byte) ((x | -x) >>> 63);
  }

  static boolean load(DType type, long at, int n, long[] to) {
    switch (type) {
      case INT64 -> Memory.copyToArray(at, to, 8L * n);
      case INT32 -> loadInts(at, n, to);
      case UINT8 -> loadBytes(at, n, to);
      case BOOL -> loadBooleans(at, n, to);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void loadInts(long at, int n, long[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = Memory.getInt(at + 4L * i);
    }
  }

  private static void loadBytes(long at, int n, long[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = Memory.getByte(at + i) & 0xFF;
    }
  }

  private static void loadBooleans(long at, int n, long[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = isNotZero(Memory.getByte(at + i));
    }
  }

  static boolean store(DType type, long at, int n, long[] from) {
    switch (type) {
      case INT64 -> Memory.copyFromArray(from, at, 8L * n);
      case INT32 -> storeInts(at, n, from);
      case UINT8, INT8 -> storeBytes(at, n, from);
      case BOOL -> storeBooleans(at, n, from);
      case FLOAT32 -> storeFloats(at, n, from);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void storeInts(long at, int n, long[] from) {
    for (int i = 0; i < n; i++) {
      Memory.putInt(at + 4L * i, (int) from[i]);
    }
  }

  private static void storeBytes(long at, int n, long[] from) {
    for (int i = 0; i < n; i++) {
      Memory.putByte(at + i, (byte) from[i]);
    }
  }

  private static void storeBooleans(long at, int n, long[] from) {
    for (int i = 0; i < n; i++) {
      Memory.putByte(at + i, isNotZero(from[i]));
    }
  }

  private static void storeFloats(long at, int n, long[] from) {
    for (int i = 0; i < n; i++) {
      Memory.putFloat(at + 4L * i, (float) from[i]);
    }
  }
}
