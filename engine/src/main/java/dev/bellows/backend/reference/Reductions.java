package dev.bellows.backend.reference;

import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Reductions with a double (or long) accumulator per result. Dimensions are split into kept and
 * reduced ones: an outer loop runs over the results, an inner loop over the terms of each result.
 * If neighbouring results are closer together in the input than neighbouring terms, a block of
 * results advances together, so that memory is read in order.
 */
final class Reductions {
  private Reductions() {}

  static void reduce(ReduceOp op, Strided a, Strided out) {
    int dims = a.dim();
    long[] keptSizes = a.sizes().clone();
    long[] reducedSizes = new long[dims];
    for (int d = 0; d < dims; d++) {
      boolean reduced = out.size(d) == 1;
      reducedSizes[d] = reduced ? a.size(d) : 1;
      keptSizes[d] = reduced ? 1 : a.size(d);
    }
    long[] from = Loop.byteStrides(a);
    Loop terms = new Loop(reducedSizes, new long[][] {from}, Loop.BLOCK, false);
    long[][] both = {from, Loop.byteStrides(out)};
    Loop results = new Loop(keptSizes, both, Loop.BLOCK, false);
    boolean columns = results.block() > 1 && results.step[0] < terms.step[0];
    if (columns) {
      terms = new Loop(reducedSizes, new long[][] {from}, 1, false);
    } else {
      results = new Loop(keptSizes, both, 1, false);
    }
    results.address[0] = a.address();
    results.address[1] = out.address();
    if (a.dtype().isFloatingPoint()) {
      doubles(op, a.dtype(), out.dtype(), results, terms);
    } else {
      longs(op, a.dtype(), out.dtype(), results, terms);
    }
  }

  private static void doubles(ReduceOp op, DType in, DType to, Loop results, Loop terms) {
    double[] sums = new double[results.block()];
    double[] x = new double[Math.max(results.block(), terms.block())];
    boolean columns = results.block() > 1;
    for (int n = results.next(); n > 0; n = results.next()) {
      Arrays.fill(sums, 0, n, identity(op));
      terms.restart(results.address[0]);
      for (int m = terms.next(); m > 0; m = terms.next()) {
        if (columns) {
          Access.load(in, terms.address[0], results.step[0], n, x);
          merge(op, sums, x, n);
        } else {
          Access.load(in, terms.address[0], terms.step[0], m, x);
          sums[0] = fold(op, sums[0], x, m);
        }
      }
      Access.store(to, results.address[1], results.step[1], n, sums);
    }
  }

  private static double identity(ReduceOp op) {
    return switch (op) {
      case SUM, ANY -> 0;
      case PROD, ALL -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static double fold(ReduceOp op, double start, double[] x, int n) {
    double sum = start;
    switch (op) {
      case SUM -> {
        for (int i = 0; i < n; i++) {
          sum += x[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < n; i++) {
          sum *= x[i];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          sum = rare(op, sum, x[i]);
        }
      }
    }
    return sum;
  }

  private static void merge(ReduceOp op, double[] sums, double[] x, int n) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < n; i++) {
          sums[i] += x[i];
        }
      }
      case PROD -> {
        for (int i = 0; i < n; i++) {
          sums[i] *= x[i];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          sums[i] = rare(op, sums[i], x[i]);
        }
      }
    }
  }

  private static double rare(ReduceOp op, double sum, double x) {
    return switch (op) {
      case MAX -> Math.max(sum, x);
      case MIN -> Math.min(sum, x);
      case ANY -> sum != 0 || x != 0 ? 1 : 0;
      case ALL -> sum != 0 && x != 0 ? 1 : 0;
      default -> throw new AssertionError(op);
    };
  }

  private static void longs(ReduceOp op, DType in, DType to, Loop results, Loop terms) {
    long[] sums = new long[results.block()];
    long[] x = new long[Math.max(results.block(), terms.block())];
    boolean columns = results.block() > 1;
    for (int n = results.next(); n > 0; n = results.next()) {
      Arrays.fill(sums, 0, n, identity(op, to));
      terms.restart(results.address[0]);
      for (int m = terms.next(); m > 0; m = terms.next()) {
        if (columns) {
          Access.load(in, terms.address[0], results.step[0], n, x);
          for (int i = 0; i < n; i++) {
            sums[i] = combine(op, sums[i], x[i]);
          }
        } else {
          Access.load(in, terms.address[0], terms.step[0], m, x);
          for (int i = 0; i < m; i++) {
            sums[0] = combine(op, sums[0], x[i]);
          }
        }
      }
      Access.store(to, results.address[1], results.step[1], n, sums);
    }
  }

  private static long identity(ReduceOp op, DType to) {
    return switch (op) {
      case SUM, ANY -> 0;
      case PROD, ALL -> 1;
      case MAX -> to.minValue();
      case MIN -> to.maxValue();
    };
  }

  private static long combine(ReduceOp op, long sum, long x) {
    return switch (op) {
      case SUM -> sum + x;
      case PROD -> sum * x;
      case MAX -> Math.max(sum, x);
      case MIN -> Math.min(sum, x);
      case ANY -> sum != 0 || x != 0 ? 1 : 0;
      case ALL -> sum != 0 && x != 0 ? 1 : 0;
    };
  }

  static void argReduce(boolean max, Strided a, int dim, Strided out) {
    long[] kept = a.sizes().clone();
    kept[dim] = 1;
    long[][] both = {Loop.byteStrides(a), Loop.byteStrides(out)};
    Loop lanes = new Loop(kept, both, 1, false);
    lanes.address[0] = a.address();
    lanes.address[1] = out.address();
    long size = a.size(dim);
    long step = both[0][dim];
    DType type = a.dtype();
    double[] x = new double[type.isFloatingPoint() ? (int) Math.min(Loop.BLOCK, size) : 0];
    while (lanes.next() > 0) {
      long winner =
          type.isFloatingPoint()
              ? best(max, type, lanes.address[0], step, size, x)
              : best(max, type, lanes.address[0], step, size);
      Access.putLong(out.dtype(), lanes.address[1], winner);
    }
  }

  private static long best(boolean max, DType type, long at, long step, long size, double[] x) {
    long winner = 0;
    double best = Access.getDouble(type, at);
    for (long from = 0; from < size && !Double.isNaN(best); from += x.length) {
      int n = (int) Math.min(x.length, size - from);
      Access.load(type, at + from * step, step, n, x);
      for (int i = 0; i < n && !Double.isNaN(best); i++) {
        if ((max ? x[i] > best : x[i] < best) || Double.isNaN(x[i])) {
          best = x[i];
          winner = from + i;
        }
      }
    }
    return winner;
  }

  private static long best(boolean max, DType type, long at, long step, long size) {
    long winner = 0;
    long best = Access.getLong(type, at);
    for (long i = 1; i < size; i++) {
      long x = Access.getLong(type, at + i * step);
      if (max ? x > best : x < best) {
        best = x;
        winner = i;
      }
    }
    return winner;
  }
}
