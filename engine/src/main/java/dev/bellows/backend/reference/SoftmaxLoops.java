package dev.bellows.backend.reference;

import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Softmax and its gradient, one lane along the dimension at a time, in doubles. */
final class SoftmaxLoops {
  private SoftmaxLoops() {}

  /** Returns a loop over the lanes along a dimension of arrays whose other sizes are equal. */
  static Loop lanes(int dim, Strided... arrays) {
    long[] sizes = arrays[0].sizes().clone();
    sizes[dim] = 1;
    long[][] strides = new long[arrays.length][];
    for (int k = 0; k < arrays.length; k++) {
      strides[k] = Loop.byteStrides(arrays[k]);
    }
    Loop loop = new Loop(sizes, strides, 1, false);
    for (int k = 0; k < arrays.length; k++) {
      loop.address[k] = arrays[k].address();
    }
    return loop;
  }

  /** Returns the bytes from one element of a lane to the next. */
  static long step(Strided a, int dim) {
    return a.stride(dim) * a.dtype().bytes();
  }

  static void softmax(Strided a, int dim, boolean log, Strided out) {
    if (a.numel() == 0) {
      return;
    }
    DType type = a.dtype();
    Scalars.requireFloating("softmax", type);
    int n = Math.toIntExact(a.size(dim));
    double[] x = new double[n];
    Loop lanes = lanes(dim, a, out);
    while (lanes.next() > 0) {
      Access.load(type, lanes.address[0], step(a, dim), n, x);
      lane(x, n, log);
      Access.store(out.dtype(), lanes.address[1], step(out, dim), n, x);
    }
  }

  private static void lane(double[] x, int n, boolean log) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double shifted = x[i] - max;
      double power = StrictMath.exp(shifted);
      sum += power;
      x[i] = log ? shifted : power;
    }
    double logSum = StrictMath.log(sum);
    for (int i = 0; i < n; i++) {
      x[i] = log ? x[i] - logSum : x[i] / sum;
    }
  }

  static void grad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    if (out.numel() == 0) {
      return;
    }
    Scalars.requireFloating("softmaxGrad", out.dtype());
    int n = Math.toIntExact(out.size(dim));
    double[] g = new double[n];
    double[] y = new double[n];
    Loop lanes = lanes(dim, gradOut, out, gradA);
    while (lanes.next() > 0) {
      Access.load(gradOut.dtype(), lanes.address[0], step(gradOut, dim), n, g);
      Access.load(out.dtype(), lanes.address[1], step(out, dim), n, y);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += log ? g[i] : g[i] * y[i];
      }
      for (int i = 0; i < n; i++) {
        g[i] = log ? g[i] - StrictMath.exp(y[i]) * sum : y[i] * (g[i] - sum);
      }
      Access.store(gradA.dtype(), lanes.address[2], step(gradA, dim), n, g);
    }
  }
}
