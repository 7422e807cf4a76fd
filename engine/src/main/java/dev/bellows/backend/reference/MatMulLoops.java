package dev.bellows.backend.reference;

import dev.bellows.backend.Activation;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Matrix products. Tiles of ROWS × COLUMNS results are summed in doubles: for each DEPTH steps of
 * the inner dimension, a panel of a and a panel of b are unpacked to doubles, and each value of a
 * is multiplied with a row of b's panel. Each result sums its products from first to last, so
 * tiling does not change its bits.
 */
final class MatMulLoops {
  private static final int ROWS = 64;
  private static final int COLUMNS = 128;
  private static final int DEPTH = 128;

  private MatMulLoops() {}

  static void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    int d = a.dim() - 2;
    long batches = d == 0 ? 1 : a.size(0);
    for (long batch = 0; batch < batches; batch++) {
      Matrix x = Matrix.of(a, batch);
      Matrix y = Matrix.of(b, batch);
      Matrix z = Matrix.of(out, batch);
      if (a.dtype().isFloatingPoint()) {
        doubles(x, y, bias, activation, z);
      } else {
        longs(x, y, bias, activation, z);
      }
    }
  }

  /** A matrix of a batch; steps in bytes. */
  private record Matrix(
      DType type, long address, long rows, long columns, long rowStep, long columnStep) {
    static Matrix of(Strided a, long batch) {
      int d = a.dim() - 2;
      int bytes = a.dtype().bytes();
      long address = a.address() + (d == 0 ? 0 : batch * a.stride(0) * bytes);
      return new Matrix(
          a.dtype(),
          address,
          a.size(d),
          a.size(d + 1),
          a.stride(d) * bytes,
          a.stride(d + 1) * bytes);
    }

    long at(long i, long j) {
      return address + i * rowStep + j * columnStep;
    }

    /** Unpacks rows [i, i + m) and columns [j, j + n). */
    void unpack(long i, int m, long j, int n, double[][] to) {
      for (int r = 0; r < m; r++) {
        Access.load(type, at(i + r, j), columnStep, n, to[r]);
      }
    }
  }

  private static void doubles(Matrix a, Matrix b, Strided bias, Activation activation, Matrix out) {
    int rows = (int) Math.min(ROWS, out.rows);
    int columns = (int) Math.min(COLUMNS, out.columns);
    int depth = (int) Math.min(DEPTH, a.columns);
    double[][] x = new double[rows][depth];
    double[][] y = new double[depth][columns];
    double[][] sums = new double[rows][columns];
    double[] shift = new double[columns];
    for (long j = 0; j < out.columns; j += columns) {
      int n = (int) Math.min(columns, out.columns - j);
      if (bias != null) {
        int bytes = bias.dtype().bytes();
        long at = bias.address() + j * bias.stride(0) * bytes;
        Access.load(bias.dtype(), at, bias.stride(0) * bytes, n, shift);
      }
      for (long i = 0; i < out.rows; i += rows) {
        int m = (int) Math.min(rows, out.rows - i);
        for (double[] row : sums) {
          Arrays.fill(row, 0);
        }
        for (long p = 0; p < a.columns; p += depth) {
          int k = (int) Math.min(depth, a.columns - p);
          a.unpack(i, m, p, k, x);
          b.unpack(p, k, j, n, y);
          multiplyAdd(x, y, sums, m, k, n);
        }
        finish(sums, m, n, bias == null ? null : shift, activation);
        for (int r = 0; r < m; r++) {
          Access.store(out.type, out.at(i + r, j), out.columnStep, n, sums[r]);
        }
      }
    }
  }

  /**
   * Computes sums [m, n] += x [m, k] · y [k, n]. Rows are arrays, so that loops start at their
   * first elements: C2 makes faster vector loops of those.
   */
  private static void multiplyAdd(
      double[][] x, double[][] y, double[][] sums, int m, int k, int n) {
    for (int r = 0; r < m; r++) {
      for (int p = 0; p < k; p++) {
        addScaled(x[r][p], y[p], sums[r], n);
      }
    }
  }

  private static void addScaled(double scale, double[] y, double[] sums, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += scale * y[i];
    }
  }

  /** Computes sums[sumsAt + i] += scale · y[yAt + i] for 0 ≤ i &lt; n. */
  static void addScaled(double scale, double[] y, int yAt, double[] sums, int sumsAt, int n) {
    for (int i = 0; i < n; i++) {
      sums[sumsAt + i] += scale * y[yAt + i];
    }
  }

  private static void finish(double[][] sums, int m, int n, double[] shift, Activation activation) {
    for (int r = 0; r < m; r++) {
      if (shift != null) {
        addScaled(1, shift, sums[r], n);
      }
      activate(activation, sums[r], n);
    }
  }

  static void activate(Activation activation, double[] x, int n) {
    if (activation == Activation.RELU) {
      for (int i = 0; i < n; i++) {
        x[i] = x[i] <= 0 ? 0 : x[i];
      }
    }
  }

  private static void longs(Matrix a, Matrix b, Strided bias, Activation activation, Matrix out) {
    for (long i = 0; i < out.rows; i++) {
      for (long j = 0; j < out.columns; j++) {
        long sum = 0;
        for (long p = 0; p < a.columns; p++) {
          sum += Access.getLong(a.type, a.at(i, p)) * Access.getLong(b.type, b.at(p, j));
        }
        if (bias != null) {
          DType type = bias.dtype();
          sum += Access.getLong(type, bias.address() + j * bias.stride(0) * type.bytes());
        }
        long value = activation == Activation.RELU ? Math.max(sum, 0) : sum;
        Access.putLong(out.type, out.at(i, j), value);
      }
    }
  }
}
