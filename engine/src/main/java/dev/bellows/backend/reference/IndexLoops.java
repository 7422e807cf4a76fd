package dev.bellows.backend.reference;

import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;

/** Gathers from and scatters to positions given by an index array. */
final class IndexLoops {
  private IndexLoops() {}

  /**
   * Returns a loop over index, other and large together; large does not advance along {@code dim}.
   */
  private static Loop loop(Strided index, Strided other, Strided large, int dim) {
    long[] still = Loop.byteStrides(large);
    still[dim] = 0;
    long[][] strides = {still, Loop.byteStrides(other), Loop.byteStrides(index)};
    Loop loop = new Loop(index.sizes(), strides, Loop.BLOCK, true);
    loop.address[0] = large.address();
    loop.address[1] = other.address();
    loop.address[2] = index.address();
    return loop;
  }

  private static long checked(String operation, long index, Strided large, int dim) {
    if (index < 0 || index >= large.size(dim)) {
      throw KernelErrors.index(operation, index, dim, large.size(dim));
    }
    return index;
  }

  /** Returns whether the elements of a block share an index and follow each other in memory. */
  private static boolean isRows(Loop loop, int bytes) {
    return loop.step[2] == 0 && loop.step[1] == bytes && loop.step[0] == bytes;
  }

  static void gather(Strided a, int dim, Strided index, Strided out) {
    Loop loop = loop(index, out, a, dim);
    int bytes = a.dtype().bytes();
    long jump = a.stride(dim) * bytes;
    boolean rows = isRows(loop, bytes);
    for (int n = loop.next(); n > 0; n = loop.next()) {
      if (rows) {
        long place = checked("gather", Memory.getLong(loop.address[2]), a, dim);
        Memory.copy(loop.address[0] + place * jump, loop.address[1], (long) n * bytes);
        continue;
      }
      for (int i = 0; i < n; i++) {
        long place = Memory.getLong(loop.address[2] + i * loop.step[2]);
        long from = loop.address[0] + i * loop.step[0] + checked("gather", place, a, dim) * jump;
        long to = loop.address[1] + i * loop.step[1];
        Access.move(bytes, from, to);
      }
    }
  }

  static void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out) {
    Loop loop = loop(index, src, out, dim);
    DType type = out.dtype();
    long jump = out.stride(dim) * type.bytes();
    String name = op == ScatterOp.ADD ? "scatterAdd" : "scatter";
    boolean rows = isRows(loop, type.bytes());
    for (int n = loop.next(); n > 0; n = loop.next()) {
      if (rows && (op == ScatterOp.SET || op == ScatterOp.ADD && type == DType.FLOAT32)) {
        long place = checked(name, Memory.getLong(loop.address[2]), out, dim);
        row(op, loop.address[1], loop.address[0] + place * jump, (long) n * type.bytes());
        continue;
      }
      for (int i = 0; i < n; i++) {
        long place = Memory.getLong(loop.address[2] + i * loop.step[2]);
        long to = loop.address[0] + i * loop.step[0] + checked(name, place, out, dim) * jump;
        long from = loop.address[1] + i * loop.step[1];
        if (op == ScatterOp.SET) {
          Access.move(type.bytes(), from, to);
        } else if (op == ScatterOp.ADD && type == DType.FLOAT32) {
          Memory.putFloat(to, Memory.getFloat(to) + Memory.getFloat(from));
        } else if (type.isFloatingPoint()) {
          double y = combine(op, Access.getDouble(type, to), Access.getDouble(type, from));
          Access.putDouble(type, to, y);
        } else {
          long y = combine(op, Access.getLong(type, to), Access.getLong(type, from));
          Access.putLong(type, to, y);
        }
      }
    }
  }

  /** Copies or adds (FLOAT32) a row. */
  private static void row(ScatterOp op, long from, long to, long bytes) {
    if (op == ScatterOp.SET) {
      Memory.copy(from, to, bytes);
      return;
    }
    for (long i = 0; i < bytes; i += Float.BYTES) {
      Memory.putFloat(to + i, Memory.getFloat(to + i) + Memory.getFloat(from + i));
    }
  }

  private static double combine(ScatterOp op, double x, double y) {
    return switch (op) {
      case ADD -> x + y;
      case MUL -> x * y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case SET -> y;
    };
  }

  private static long combine(ScatterOp op, long x, long y) {
    return switch (op) {
      case ADD -> x + y;
      case MUL -> x * y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case SET -> y;
    };
  }
}
