package dev.bellows.backend.cpu;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Converts arrays of different types whose rows are contiguous in both. */
final class CastLoops {
  private CastLoops() {}

  /** Converts src to out; returns false, having done nothing, for other layouts. */
  static boolean copy(Strided src, Strided out) {
    Walk walk = out.numel() == 0 ? null : Walk.over(src, out);
    if (walk == null || walk.rows(0, src, 0).repeats()) {
      return false;
    }
    DType from = src.dtype();
    DType to = out.dtype();
    int most = (int) Math.min(CastTile.SIZE, walk.n);
    CastTile tile = new CastTile(most);
    for (long round = 0; round < walk.rounds; round++) {
      Rows x = walk.rows(0, src, round);
      Rows y = walk.rows(1, out, round);
      for (long r = 0; r < walk.rows; r++) {
        long at = x.address() + r * x.rowBytes();
        long target = y.address() + r * y.rowBytes();
        for (long i = 0; i < walk.n; i += most) {
          int n = (int) Math.min(most, walk.n - i);
          tile.cast(from, at + i * from.bytes(), to, target + i * to.bytes(), n);
        }
      }
    }
    return true;
  }
}
