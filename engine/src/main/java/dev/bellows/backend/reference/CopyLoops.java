package dev.bellows.backend.reference;

import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;

/** Fills arrays, and copies between layouts and element types. */
final class CopyLoops {
  private static final int WHOLE_RUN = 1 << 28;
  private static final int BULK = 16;

  private CopyLoops() {}

  static void fill(Strided out, Number value) {
    Loop loop = Loop.over(WHOLE_RUN, false, out);
    DType type = out.dtype();
    long bits = Scalars.bits(type, value);
    for (int n = loop.next(); n > 0; n = loop.next()) {
      long at = loop.address[0];
      long step = loop.step[0];
      switch (type.bytes()) {
        case 8 -> {
          for (int i = 0; i < n; i++) {
            Memory.putLong(at + i * step, bits);
          }
        }
        case 4 -> {
          for (int i = 0; i < n; i++) {
            Memory.putInt(at + i * step, (int) bits);
          }
        }
        case 2 -> {
          for (int i = 0; i < n; i++) {
            Memory.putShort(at + i * step, (short) bits);
          }
        }
        default -> {
          for (int i = 0; i < n; i++) {
            Memory.putByte(at + i * step, (byte) bits);
          }
        }
      }
    }
  }

  static void copy(Strided src, Strided out) {
    if (src.dtype() == out.dtype()) {
      move(src, out);
    } else {
      convert(src, out);
    }
  }

  private static void convert(Strided src, Strided out) {
    Loop loop = Loop.of(src, out);
    DType from = src.dtype();
    DType to = out.dtype();
    if (from.isFloatingPoint()) {
      double[] x = new double[loop.block()];
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(from, loop.address[0], loop.step[0], n, x);
        Access.store(to, loop.address[1], loop.step[1], n, x);
      }
    } else {
      long[] x = new long[loop.block()];
      for (int n = loop.next(); n > 0; n = loop.next()) {
        Access.load(from, loop.address[0], loop.step[0], n, x);
        Access.store(to, loop.address[1], loop.step[1], n, x);
      }
    }
  }

  private static void move(Strided src, Strided out) {
    Loop loop = Loop.over(WHOLE_RUN, false, src, out);
    int bytes = src.dtype().bytes();
    for (int n = loop.next(); n > 0; n = loop.next()) {
      long from = loop.address[0];
      long to = loop.address[1];
      if (n >= BULK && loop.step[0] == bytes && loop.step[1] == bytes) {
        Memory.copy(from, to, (long) n * bytes);
      } else {
        move(bytes, from, loop.step[0], to, loop.step[1], n);
      }
    }
  }

  private static void move(int bytes, long from, long fromStep, long to, long toStep, int n) {
    switch (bytes) {
      case 8 -> {
        for (int i = 0; i < n; i++) {
          Memory.putLong(to + i * toStep, Memory.getLong(from + i * fromStep));
        }
      }
      case 4 -> {
        for (int i = 0; i < n; i++) {
          Memory.putInt(to + i * toStep, Memory.getInt(from + i * fromStep));
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          Memory.putShort(to + i * toStep, Memory.getShort(from + i * fromStep));
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          Memory.putByte(to + i * toStep, Memory.getByte(from + i * fromStep));
        }
      }
    }
  }
}
