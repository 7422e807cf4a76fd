package dev.bellows.backend.cpu;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Elementwise kernels on {@link Loops}. Each method returns whether it did the work; if false,
 * nothing was written and the caller uses the fallback. Accepts FLOAT32 arrays whose common rows
 * are contiguous.
 */
final class VectorPaths {
  private final Loops loops;
  private final Kernels kernels;

  /** Creates the paths; if {@code loops} is null, nothing is accepted. */
  VectorPaths(Loops loops, Kernels kernels) {
    this.loops = loops;
    this.kernels = kernels;
  }

  /** Returns whether the loops can process an array. */
  boolean accepts(Strided a) {
    return loops != null
        && a.dtype() == DType.FLOAT32
        && a.numel() > 0
        && loops.reaches(a.storage().block());
  }

  boolean fill(float value, Strided out) {
    if (!accepts(out)) {
      return false;
    }
    Walk walk = Walk.over(out);
    if (walk == null) {
      return false;
    }
    for (long round = 0; round < walk.rounds; round++) {
      loops.fill(walk.rows(0, out, round), value, walk.rows, walk.n);
    }
    return true;
  }

  boolean copy(Strided a, Strided out) {
    if (!accepts(a) || !accepts(out)) {
      return false;
    }
    Walk walk = walk(a, out);
    if (walk == null) {
      return false;
    }
    for (long round = 0; round < walk.rounds; round++) {
      loops.copy(walk.rows(0, a, round), walk.rows(1, out, round), walk.rows, walk.n);
    }
    return true;
  }

  boolean unary(UnaryOp op, Strided a, Strided out) {
    if (!accepts(a) || !accepts(out) || !loops.supports(op)) {
      return false;
    }
    Walk walk = walk(a, out);
    if (walk == null) {
      try (Temp copy = arranged(a, out)) {
        return copy != null && unary(op, copy.array(), out);
      }
    }
    for (long round = 0; round < walk.rounds; round++) {
      loops.unary(op, walk.rows(0, a, round), walk.rows(1, out, round), walk.rows, walk.n);
    }
    return true;
  }

  boolean binaryScalar(BinaryOp op, Strided a, float scalar, Strided out) {
    if (!accepts(a) || !accepts(out) || !loops.supports(op)) {
      return false;
    }
    Walk walk = walk(a, out);
    if (walk == null || walk.rows(0, a, 0).repeats()) {
      return false;
    }
    for (long round = 0; round < walk.rounds; round++) {
      Rows rowsA = walk.rows(0, a, round);
      Rows rowsOut = walk.rows(1, out, round);
      loops.binaryScalar(op, rowsA, scalar, rowsOut, walk.rows, walk.n);
    }
    return true;
  }

  boolean binary(BinaryOp op, Strided a, Strided b, Strided out) {
    if (!accepts(a) || !accepts(b) || !accepts(out) || !loops.supports(op)) {
      return false;
    }
    Walk walk = Walk.over(a, b, out);
    if (walk == null) {
      return binaryArranged(op, a, b, out);
    }
    for (long round = 0; round < walk.rounds; round++) {
      Rows rowsA = walk.rows(0, a, round);
      Rows rowsB = walk.rows(1, b, round);
      loops.binary(op, rowsA, rowsB, walk.rows(2, out, round), walk.rows, walk.n);
    }
    return true;
  }

  /**
   * Copies the input whose memory order differs from out's, for example NCHW with a channels-last
   * output.
   */
  private boolean binaryArranged(BinaryOp op, Strided a, Strided b, Strided out) {
    if (walk(a, out) == null) {
      try (Temp copy = arranged(a, out)) {
        return copy != null && binary(op, copy.array(), b, out);
      }
    }
    if (walk(b, out) == null) {
      try (Temp copy = arranged(b, out)) {
        return copy != null && binary(op, a, copy.array(), out);
      }
    }
    return false;
  }

  boolean addScaled(Strided a, Strided b, float alpha, Strided out) {
    if (!accepts(a) || !accepts(b) || !accepts(out)) {
      return false;
    }
    Walk walk = Walk.over(a, b, out);
    if (walk == null || walk.rows(0, a, 0).repeats() || walk.rows(1, b, 0).repeats()) {
      return false;
    }
    for (long round = 0; round < walk.rounds; round++) {
      Rows rowsA = walk.rows(0, a, round);
      Rows rowsB = walk.rows(1, b, round);
      loops.addScaled(rowsA, rowsB, alpha, walk.rows(2, out, round), walk.rows, walk.n);
    }
    return true;
  }

  private static Walk walk(Strided a, Strided out) {
    return Walk.over(a, out);
  }

  /** Returns a copy of a in out's layout, or null if there is no fast way to make one. */
  private Temp arranged(Strided a, Strided out) {
    if (!out.isDense() || !DnnReorder.accepts(a)) {
      return null;
    }
    return Temp.filled(kernels, a, out.strides());
  }
}
