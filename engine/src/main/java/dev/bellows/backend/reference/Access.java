package dev.bellows.backend.reference;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;
import dev.bellows.memory.Memory;

/**
 * Reads and writes elements of any type as {@code double} or {@code long}, singly or in runs.
 * {@code step} is the distance between elements in bytes. Floating types are converted to double,
 * all others to long, so that nothing is rounded twice. Values out of range of an integer type are
 * truncated to their low bits.
 */
final class Access {
  private Access() {}

  static double getDouble(DType type, long at) {
    return switch (type) {
      case FLOAT32 -> Memory.getFloat(at);
      case FLOAT64 -> Memory.getDouble(at);
      case FLOAT16 -> Halves.fromFloat16(Memory.getShort(at));
      case BFLOAT16 -> Halves.fromBFloat16(Memory.getShort(at));
      default -> getLong(type, at);
    };
  }

  static long getLong(DType type, long at) {
    return switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> (long) getDouble(type, at);
      case INT64 -> Memory.getLong(at);
      case INT32 -> Memory.getInt(at);
      case INT16 -> Memory.getShort(at);
      case INT8 -> Memory.getByte(at);
      case UINT8 -> Memory.getByte(at) & 0xFF;
      case BOOL -> Memory.getByte(at) == 0 ? 0 : 1;
    };
  }

  static void putDouble(DType type, long at, double value) {
    switch (type) {
      case FLOAT32 -> Memory.putFloat(at, (float) value);
      case FLOAT64 -> Memory.putDouble(at, value);
      case FLOAT16 -> Memory.putShort(at, Halves.toFloat16((float) value));
      case BFLOAT16 -> Memory.putShort(at, Halves.toBFloat16((float) value));
      case BOOL -> Memory.putByte(at, (byte) (value != 0 ? 1 : 0));
      default -> putLong(type, at, (long) value);
    }
  }

  static void putLong(DType type, long at, long value) {
    switch (type) {
      case FLOAT32 -> Memory.putFloat(at, (float) value);
      case FLOAT64, FLOAT16, BFLOAT16 -> putDouble(type, at, (double) value);
      case INT64 -> Memory.putLong(at, value);
      case INT32 -> Memory.putInt(at, (int) value);
      case INT16 -> Memory.putShort(at, (short) value);
      case INT8, UINT8 -> Memory.putByte(at, (byte) value);
      case BOOL -> Memory.putByte(at, (byte) (value != 0 ? 1 : 0));
    }
  }

  /** Loads a run: to[start + i] = element i, for 0 ≤ i &lt; n. */
  static void load(DType type, long at, long step, int n, double[] to, int start) {
    if (step != type.bytes() || !Runs.load(type, at, n, to, start)) {
      for (int i = 0; i < n; i++) {
        to[start + i] = getDouble(type, at + i * step);
      }
    }
  }

  static void load(DType type, long at, long step, int n, double[] to) {
    load(type, at, step, n, to, 0);
  }

  static void load(DType type, long at, long step, int n, long[] to) {
    if (step != type.bytes() || !Runs.load(type, at, n, to)) {
      for (int i = 0; i < n; i++) {
        to[i] = getLong(type, at + i * step);
      }
    }
  }

  /** Stores a run: element i = from[start + i], for 0 ≤ i &lt; n. */
  static void store(DType type, long at, long step, int n, double[] from, int start) {
    if (step != type.bytes() || !Runs.store(type, at, n, from, start)) {
      for (int i = 0; i < n; i++) {
        putDouble(type, at + i * step, from[start + i]);
      }
    }
  }

  static void store(DType type, long at, long step, int n, double[] from) {
    store(type, at, step, n, from, 0);
  }

  static void store(DType type, long at, long step, int n, long[] from) {
    if (step != type.bytes() || !Runs.store(type, at, n, from)) {
      for (int i = 0; i < n; i++) {
        putLong(type, at + i * step, from[i]);
      }
    }
  }

  /** Copies one element unchanged. */
  static void move(int bytes, long from, long to) {
    switch (bytes) {
      case 8 -> Memory.putLong(to, Memory.getLong(from));
      case 4 -> Memory.putInt(to, Memory.getInt(from));
      case 2 -> Memory.putShort(to, Memory.getShort(from));
      default -> Memory.putByte(to, Memory.getByte(from));
    }
  }
}
