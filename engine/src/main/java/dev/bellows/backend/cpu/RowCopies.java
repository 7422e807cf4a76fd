package dev.bellows.backend.cpu;

import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;

/** Copies between arrays of one type, of any type, whose rows are contiguous in both. */
final class RowCopies {
  /** Number of bytes below which other ways are faster. */
  private static final long LEAST = 32;

  /** Number of bytes from which a call of the copy routine pays. */
  private static final long BULK = 512;

  private RowCopies() {}

  /** Copies src to out; returns false, having done nothing, where rows are short or not such. */
  static boolean copy(Strided src, Strided out) {
    Walk walk = Walk.over(src, out);
    long bytes = walk == null ? 0 : walk.n * src.dtype().bytes();
    if (bytes < LEAST || walk.rows(0, src, 0).repeats()) {
      return false;
    }
    for (long round = 0; round < walk.rounds; round++) {
      Rows from = walk.rows(0, src, round);
      Rows to = walk.rows(1, out, round);
      for (long r = 0; r < walk.rows; r++) {
        row(from.address() + r * from.rowBytes(), to.address() + r * to.rowBytes(), bytes);
      }
    }
    return true;
  }

  private static void row(long from, long to, long bytes) {
    if (bytes >= BULK) {
      Memory.copy(from, to, bytes);
      return;
    }
    long words = bytes & -Long.BYTES;
    for (long i = 0; i < words; i += Long.BYTES) {
      Memory.putLong(to + i, Memory.getLong(from + i));
    }
    for (long i = words; i < bytes; i++) {
      Memory.putByte(to + i, Memory.getByte(from + i));
    }
  }
}
