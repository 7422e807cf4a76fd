package dev.bellows.backend.reference;

import dev.bellows.backend.ScanOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Cumulative sums and extremes, one lane along the dimension at a time, in doubles or longs. */
final class ScanLoops {
  private ScanLoops() {}

  static void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    int n = Math.toIntExact(a.size(dim));
    DType type = a.dtype();
    Loop lanes = SoftmaxLoops.lanes(dim, a, out);
    long from = SoftmaxLoops.step(a, dim);
    long to = SoftmaxLoops.step(out, dim);
    double[] x = new double[type.isFloatingPoint() ? n : 0];
    long[] w = new long[type.isFloatingPoint() ? 0 : n];
    while (lanes.next() > 0) {
      if (type.isFloatingPoint()) {
        Access.load(type, lanes.address[0], from, n, x);
        run(op, x, n, reverse);
        Access.store(out.dtype(), lanes.address[1], to, n, x);
      } else {
        Access.load(type, lanes.address[0], from, n, w);
        run(op, w, n, reverse);
        Access.store(out.dtype(), lanes.address[1], to, n, w);
      }
    }
  }

  private static void run(ScanOp op, double[] x, int n, boolean reverse) {
    int step = reverse ? -1 : 1;
    int at = reverse ? n - 1 : 0;
    for (int k = 1; k < n; k++) {
      int next = at + step;
      x[next] =
          switch (op) {
            case SUM -> x[at] + x[next];
            case PROD -> x[at] * x[next];
            case LOG_ADD_EXP -> logAddExp(x[at], x[next]);
          };
      at = next;
    }
  }

  static double logAddExp(double a, double b) {
    if (a == b && Double.isInfinite(a)) {
      return a;
    }
    double larger = Math.max(a, b);
    return larger + StrictMath.log1p(StrictMath.exp(-Math.abs(a - b)));
  }

  private static void run(ScanOp op, long[] x, int n, boolean reverse) {
    int step = reverse ? -1 : 1;
    int at = reverse ? n - 1 : 0;
    for (int k = 1; k < n; k++) {
      int next = at + step;
      x[next] = op == ScanOp.SUM ? x[at] + x[next] : x[at] * x[next];
      at = next;
    }
  }

  static void argScan(boolean max, Strided a, int dim, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    int n = Math.toIntExact(a.size(dim));
    DType type = a.dtype();
    boolean real = type.isFloatingPoint();
    Loop lanes = SoftmaxLoops.lanes(dim, a, out);
    double[] x = new double[real ? n : 0];
    long[] w = new long[real ? 0 : n];
    long[] places = new long[n];
    while (lanes.next() > 0) {
      int best = 0;
      if (real) {
        Access.load(type, lanes.address[0], SoftmaxLoops.step(a, dim), n, x);
      } else {
        Access.load(type, lanes.address[0], SoftmaxLoops.step(a, dim), n, w);
      }
      for (int i = 0; i < n; i++) {
        boolean wins =
            real
                ? Double.isNaN(x[i])
                    || !Double.isNaN(x[best]) && (max ? x[i] >= x[best] : x[i] <= x[best])
                : max ? w[i] >= w[best] : w[i] <= w[best];
        best = wins ? i : best;
        places[i] = best;
      }
      Access.store(DType.INT64, lanes.address[1], SoftmaxLoops.step(out, dim), n, places);
    }
  }
}
