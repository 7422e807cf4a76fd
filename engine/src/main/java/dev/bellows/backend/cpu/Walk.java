package dev.bellows.backend.cpu;

import dev.bellows.memory.Strided;

/**
 * The common loop over arrays of equal sizes: dimensions are sorted by the memory order of the last
 * array and merged where all arrays allow it, then split into a row (contiguous in the last array,
 * contiguous or one repeated element in the others), a loop over rows, and an outer loop.
 */
final class Walk {
  private static final int ARRAYS = 4;

  private final int arrays;
  private final long[] sizes;
  private final long[][] strides;
  private int dims;

  /** Number of elements in a row. */
  long n = 1;

  /** Number of rows per iteration of the outer loop. */
  long rows = 1;

  /** Number of iterations of the outer loop. */
  long rounds = 1;

  private Walk(Strided[] of) {
    this.arrays = of.length;
    int d = of[0].dim();
    this.sizes = new long[d];
    this.strides = new long[ARRAYS][d];
  }

  /**
   * Returns the loop, or null if rows are neither contiguous nor repeated, or all inputs repeat.
   */
  static Walk over(Strided... of) {
    Walk walk = new Walk(of);
    if (flat(of)) {
      walk.n = of[0].numel();
      return walk;
    }
    walk.order(of);
    walk.merge();
    return walk.cut() ? walk : null;
  }

  private static boolean flat(Strided[] of) {
    boolean contiguous = true;
    for (Strided a : of) {
      contiguous &= a.isContiguous();
    }
    if (contiguous) {
      return true;
    }
    Strided last = of[of.length - 1];
    for (Strided a : of) {
      if (a != last && !a.sameLayout(last)) {
        return false;
      }
    }
    return last.isDense();
  }

  private void order(Strided[] of) {
    Strided last = of[arrays - 1];
    for (int d = 0; d < last.dim(); d++) {
      if (last.size(d) == 1) {
        continue;
      }
      int at = dims++;
      while (at > 0 && strides[arrays - 1][at - 1] < last.stride(d)) {
        sizes[at] = sizes[at - 1];
        for (int a = 0; a < arrays; a++) {
          strides[a][at] = strides[a][at - 1];
        }
        at--;
      }
      sizes[at] = last.size(d);
      for (int a = 0; a < arrays; a++) {
        strides[a][at] = of[a].stride(d);
      }
    }
  }

  private void merge() {
    int kept = 0;
    for (int d = 1; d < dims; d++) {
      boolean one = true;
      for (int a = 0; a < arrays; a++) {
        one &= strides[a][kept] == strides[a][d] * sizes[d];
      }
      if (one) {
        sizes[kept] *= sizes[d];
      } else {
        kept++;
        sizes[kept] = sizes[d];
      }
      for (int a = 0; a < arrays; a++) {
        strides[a][kept] = strides[a][d];
      }
    }
    dims = Math.min(dims, kept + 1);
  }

  private boolean cut() {
    if (dims == 0) {
      return true;
    }
    int inner = dims - 1;
    boolean moves = arrays == 1;
    for (int a = 0; a < arrays; a++) {
      long stride = strides[a][inner];
      if (stride != 1 && (stride != 0 || a == arrays - 1)) {
        return false;
      }
      moves |= stride == 1 && (a < arrays - 1 || arrays == 2);
    }
    n = sizes[inner];
    rows = dims > 1 ? sizes[inner - 1] : 1;
    for (int d = 0; d < dims - 2; d++) {
      rounds *= sizes[d];
    }
    return moves;
  }

  /**
   * Returns the rows of array number {@code a}, given as {@code of}, in one iteration of the outer
   * loop.
   */
  Rows rows(int a, Strided of, long round) {
    if (dims == 0) {
      return new Rows(of.storage().block(), of.byteOffset(), 0, false);
    }
    long skip = 0;
    long left = round;
    for (int d = dims - 3; d >= 0; d--) {
      skip += left % sizes[d] * strides[a][d];
      left /= sizes[d];
    }
    long rowStride = dims > 1 ? strides[a][dims - 2] : 0;
    long bytes = of.dtype().bytes();
    return new Rows(
        of.storage().block(),
        of.byteOffset() + bytes * skip,
        bytes * rowStride,
        strides[a][dims - 1] == 0);
  }
}
