package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;

/**
 * Functions on tiles: parts of a row, copied to an array that stays in the L1 cache, and changed in
 * place by one simple loop after another. One loop for each series of {@link Approx} serves all
 * functions that are made of it, so that it is compiled alone, once, and soon.
 */
final class Tiles {
  /** Number of elements of a tile. */
  static final int TILE = 1024;

  private static final Warmth EXP = new Warmth(40);
  private static final Warmth LOG = new Warmth(40);
  private static final Warmth TANH = new Warmth(40);

  private Tiles() {}

  /** Returns whether {@link #rows} computes a function. */
  static boolean supports(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, TANH, SIGMOID -> true;
      default -> false;
    };
  }

  /** Computes a function of each element; a repeated element is computed once. */
  static void rows(UnaryOp op, Rows a, Rows out, long rows, long n) {
    int most = a.repeats() ? 1 : (int) Math.min(TILE, n);
    float[] x = new float[most];
    long tile = 0;
    float[] spare = new float[op == UnaryOp.TANH ? most : 0];
    for (long r = 0; r < rows; r++) {
      long from = Lanes.address(a) + r * a.rowBytes();
      if (a.repeats()) {
        x[0] = Memory.getFloat(from);
        apply(op, x, spare, 1, 0);
        FillLoop.row(x[0], out, r, n);
        continue;
      }
      long to = Lanes.address(out) + r * out.rowBytes();
      for (long i = 0; i < n; i += TILE) {
        int count = (int) Math.min(TILE, n - i);
        Memory.copyToArray(from + 4 * i, x, 4L * count);
        apply(op, x, spare, count, tile++);
        Memory.copyFromArray(x, to + 4 * i, 4L * count);
      }
    }
  }

  private static void apply(UnaryOp op, float[] x, float[] spare, int n, long tile) {
    switch (op) {
      case EXP -> exp(x, n, tile);
      case LOG -> log(x, n, tile);
      case TANH -> tanh(x, spare, n, tile);
      default -> sigmoid(x, n, tile);
    }
  }

  /** Computes x[i] = exp(x[i]) of the tile of this number. */
  static void exp(float[] x, int n, long tile) {
    int body = n / Lanes.LANES * Lanes.LANES;
    int done = EXP.part(n / Lanes.LANES, tile) * Lanes.LANES;
    long start = System.nanoTime();
    expVectors(x, 0, done);
    boolean hot = done > 0 && EXP.isHot(done / Lanes.LANES, System.nanoTime() - start);
    if (hot && done < body) {
      expVectors(x, done, body);
      done = body;
    }
    for (int i = done; i < n; i++) {
      x[i] = Approx.exp(x[i]);
    }
  }

  private static void expVectors(float[] x, int from, int to) {
    for (int i = from; i < to; i += Lanes.LANES) {
      Approx.exp(x, i);
    }
  }

  private static void log(float[] x, int n, long tile) {
    int body = n / Lanes.LANES * Lanes.LANES;
    int done = LOG.part(n / Lanes.LANES, tile) * Lanes.LANES;
    long start = System.nanoTime();
    logVectors(x, 0, done);
    boolean hot = done > 0 && LOG.isHot(done / Lanes.LANES, System.nanoTime() - start);
    if (hot && done < body) {
      logVectors(x, done, body);
      done = body;
    }
    for (int i = done; i < n; i++) {
      x[i] = Approx.log(x[i]);
    }
  }

  private static void logVectors(float[] x, int from, int to) {
    for (int i = from; i < to; i += Lanes.LANES) {
      Approx.log(x, i);
    }
  }

  private static void tanh(float[] x, float[] exp, int n, long tile) {
    for (int i = 0; i < n; i++) {
      exp[i] = Math.abs(x[i]) + Math.abs(x[i]);
    }
    exp(exp, n, tile);
    int body = n / Lanes.LANES * Lanes.LANES;
    int done = TANH.part(n / Lanes.LANES, tile) * Lanes.LANES;
    long start = System.nanoTime();
    tanhVectors(x, exp, 0, done);
    boolean hot = done > 0 && TANH.isHot(done / Lanes.LANES, System.nanoTime() - start);
    if (hot && done < body) {
      tanhVectors(x, exp, done, body);
      done = body;
    }
    for (int i = done; i < n; i++) {
      x[i] = Approx.tanh(x[i], exp[i]);
    }
  }

  private static void tanhVectors(float[] x, float[] exp, int from, int to) {
    for (int i = from; i < to; i += Lanes.LANES) {
      Approx.tanh(x, exp, i);
    }
  }

  private static void sigmoid(float[] x, int n, long tile) {
    for (int i = 0; i < n; i++) {
      x[i] = -x[i];
    }
    exp(x, n, tile);
    for (int i = 0; i < n; i++) {
      x[i] = 1f / (x[i] + 1f);
    }
  }
}
