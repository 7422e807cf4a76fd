package dev.bellows.backend.cpu;

import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;

/**
 * Reductions on {@link Loops}. Dimensions are sorted by memory order and merged; the result must
 * alternate between kept (K) and reduced (R) dimensions as R, K R, R K, K R K or R K R.
 */
final class VectorReduce {
  private final Loops loops;

  /** Creates the reductions; {@code loops} must not be null. */
  VectorReduce(Loops loops) {
    this.loops = loops;
  }

  /**
   * Performs the reduction, or returns false if the layout is not supported. Both arrays must be
   * FLOAT32, reachable and not empty.
   */
  boolean reduce(ReduceOp op, Strided a, Strided out) {
    if (!loops.supports(op)) {
      return false;
    }
    Plan plan = new Plan(a, out);
    if (plan.dims == 0 || plan.strideA[plan.dims - 1] != 1) {
      return false;
    }
    switch (plan.pattern()) {
      case "R":
        loops.reduceRows(op, rows(a, 0, 0), rows(out, 0, 0), 1, plan.size[0]);
        return true;
      case "KR":
        loops.reduceRows(
            op,
            rows(a, 0, plan.strideA[0]),
            rows(out, 0, plan.strideOut[0]),
            plan.size[0],
            plan.size[1]);
        return true;
      case "RK":
        return columns(op, a, out, plan, 0);
      case "KRK":
        return columns(op, a, out, plan, 1);
      case "RKR":
        return rowsThenColumns(op, a, out, plan);
      default:
        return false;
    }
  }

  private boolean columns(ReduceOp op, Strided a, Strided out, Plan plan, int r) {
    if (plan.strideOut[r + 1] != 1) {
      return false;
    }
    long rounds = r == 0 ? 1 : plan.size[0];
    for (long i = 0; i < rounds; i++) {
      Rows from = rows(a, i * (r == 0 ? 0 : plan.strideA[0]), plan.strideA[r]);
      Rows to = rows(out, i * (r == 0 ? 0 : plan.strideOut[0]), 0);
      loops.reduceColumns(op, from, to, plan.size[r], plan.size[r + 1]);
    }
    return true;
  }

  private boolean rowsThenColumns(ReduceOp op, Strided a, Strided out, Plan plan) {
    long rows = plan.size[0] * plan.size[1];
    if (plan.strideOut[1] != 1 || plan.strideA[0] != plan.size[1] * plan.strideA[1]) {
      return false;
    }
    Storage storage = Storage.allocate(4 * rows);
    try {
      if (!loops.reaches(storage.block())) {
        return false;
      }
      Strided partial = new Strided(storage, DType.FLOAT32, new long[] {rows}, new long[] {1}, 0);
      loops.reduceRows(op, rows(a, 0, plan.strideA[1]), rows(partial, 0, 1), rows, plan.size[2]);
      Rows from = rows(partial, 0, plan.size[1]);
      loops.reduceColumns(op, from, rows(out, 0, 0), plan.size[0], plan.size[1]);
      return true;
    } finally {
      storage.release();
    }
  }

  private static Rows rows(Strided a, long skip, long rowStride) {
    return new Rows(a.storage().block(), a.byteOffset() + 4 * skip, 4 * rowStride, false);
  }

  /** The merged dimensions, outermost in memory first. */
  private static final class Plan {
    final long[] size;
    final long[] strideA;
    final long[] strideOut;
    final boolean[] reduced;
    int dims;

    Plan(Strided a, Strided out) {
      int most = a.dim();
      size = new long[most];
      strideA = new long[most];
      strideOut = new long[most];
      reduced = new boolean[most];
      for (int d = 0; d < most; d++) {
        if (a.size(d) != 1) {
          insert(a.size(d), a.stride(d), out.size(d) == 1, out.stride(d));
        }
      }
      merge();
    }

    private void insert(long n, long stride, boolean isReduced, long outStride) {
      int at = dims++;
      while (at > 0 && strideA[at - 1] < stride) {
        move(at - 1, at);
        at--;
      }
      size[at] = n;
      strideA[at] = stride;
      reduced[at] = isReduced;
      strideOut[at] = isReduced ? 0 : outStride;
    }

    private void move(int from, int to) {
      size[to] = size[from];
      strideA[to] = strideA[from];
      strideOut[to] = strideOut[from];
      reduced[to] = reduced[from];
    }

    private void merge() {
      int kept = 0;
      for (int d = 1; d < dims; d++) {
        boolean one =
            reduced[kept] == reduced[d]
                && strideA[kept] == strideA[d] * size[d]
                && (reduced[d] || strideOut[kept] == strideOut[d] * size[d]);
        if (one) {
          size[d] *= size[kept];
          move(d, kept);
        } else {
          kept++;
          move(d, kept);
        }
      }
      dims = Math.min(dims, kept + 1);
    }

    String pattern() {
      StringBuilder pattern = new StringBuilder();
      for (int d = 0; d < dims; d++) {
        pattern.append(reduced[d] ? 'R' : 'K');
      }
      return pattern.toString();
    }
  }
}
