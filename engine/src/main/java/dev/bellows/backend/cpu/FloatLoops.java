package dev.bellows.backend.cpu;

import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/** Runs the functions of {@link FloatTile} over FLOAT32 arrays whose rows are contiguous. */
final class FloatLoops {
  private FloatLoops() {}

  /** Computes out = op(a); returns false, having done nothing, for other functions and arrays. */
  static boolean unary(UnaryOp op, Strided a, Strided out) {
    boolean floats = a.dtype() == DType.FLOAT32 && out.dtype() == DType.FLOAT32;
    Walk walk = floats && FloatTile.supports(op) && out.numel() > 0 ? Walk.over(a, out) : null;
    if (walk == null) {
      return false;
    }
    int most = (int) Math.min(FloatTile.SIZE, walk.n);
    FloatTile tile = new FloatTile(most);
    float[] x = new float[most];
    for (long round = 0; round < walk.rounds; round++) {
      Rows in = walk.rows(0, a, round);
      Rows to = walk.rows(1, out, round);
      for (long r = 0; r < walk.rows; r++) {
        for (long i = 0; i < walk.n; i += most) {
          int n = (int) Math.min(most, walk.n - i);
          load(in, r, i, x, n);
          tile.apply(op, x, n);
          Memory.copyFromArray(x, to.address() + r * to.rowBytes() + 4 * i, 4L * n);
        }
      }
    }
    return true;
  }

  /** Computes the gradient of GELU by tanh, for dense arrays of the same layout. */
  static void geluTanhGrad(Strided gradOut, Strided a, Strided gradA) {
    long n = a.numel();
    int most = (int) Math.min(FloatTile.SIZE, n);
    FloatTile tile = new FloatTile(most);
    float[] grad = new float[most];
    float[] x = new float[most];
    for (long i = 0; i < n; i += most) {
      int count = (int) Math.min(most, n - i);
      Memory.copyToArray(gradOut.address() + 4 * i, grad, 4L * count);
      Memory.copyToArray(a.address() + 4 * i, x, 4L * count);
      tile.geluTanhGrad(grad, x, count);
      Memory.copyFromArray(grad, gradA.address() + 4 * i, 4L * count);
    }
  }

  private static void load(Rows rows, long row, long i, float[] x, int n) {
    long at = rows.address() + row * rows.rowBytes();
    if (rows.repeats()) {
      Arrays.fill(x, 0, n, Memory.getFloat(at));
    } else {
      Memory.copyToArray(at + 4 * i, x, 4L * n);
    }
  }
}
