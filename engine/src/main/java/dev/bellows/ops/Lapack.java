package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.ludovic.netlib.lapack.JavaLAPACK;
import dev.ludovic.netlib.lapack.LAPACK;
import java.util.Arrays;
import org.netlib.util.intW;

/**
 * LAPACK on each matrix of a batch, in FLOAT64 whatever the type is, with the library that Spark
 * ships. Matrices are handed over by columns, as LAPACK has them.
 */
final class Lapack {
  private static final LAPACK LIBRARY = JavaLAPACK.getInstance();

  private final String name;
  private final DType dtype;
  private final Device device;
  private final long[] batch;
  final int rows;
  final int columns;
  final int matrices;
  private final double[] elements;

  /** The last two dimensions are those of the matrices. */
  Lapack(String name, Tensor a) {
    this.name = name;
    this.dtype = a.dtype();
    this.device = a.device();
    this.batch = Arrays.copyOf(a.shape(), a.dim() - 2);
    this.rows = Math.toIntExact(a.size(-2));
    this.columns = Math.toIntExact(a.size(-1));
    this.matrices = Math.toIntExact(Arrays.stream(batch).reduce(1, (x, y) -> x * y));
    this.elements = a.to(DType.FLOAT64).mT().contiguous().toDoubleArray();
  }

  /**
   * Checks type and dimensions.
   *
   * @throws IllegalArgumentException if they are not those of matrices LAPACK can take
   */
  static void check(String name, Tensor a, boolean square) {
    if (a.dtype() != DType.FLOAT32 && a.dtype() != DType.FLOAT64) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected a floating point tensor, FLOAT32 or FLOAT64; got %s", name, a.dtype()));
    }
    if (a.dim() < 2) {
      throw new IllegalArgumentException(
          message(
              "%s: The input tensor A must have at least 2 dimensions; got %s", name, a.shape()));
    }
    if (square && a.size(-1) != a.size(-2)) {
      throw new IllegalArgumentException(
          message(
              "%s: A must be batches of square matrices, but they are %s by %s matrices",
              name, a.size(-2), a.size(-1)));
    }
  }

  double[] matrix(int i) {
    return Arrays.copyOfRange(elements, i * rows * columns, (i + 1) * rows * columns);
  }

  /** Returns matrices given by columns, of the batch's type. */
  Tensor matrices(double[] values, long m, long n) {
    return Tensor.of(values, shape(n, m)).mT().contiguous().to(device, dtype);
  }

  /** Returns numbers or vectors, one for each matrix. */
  Tensor vectors(double[] values, long... sizes) {
    return Tensor.of(values, shape(sizes)).to(device, dtype);
  }

  private long[] shape(long... sizes) {
    long[] shape = Arrays.copyOf(batch, batch.length + sizes.length);
    System.arraycopy(sizes, 0, shape, batch.length, sizes.length);
    return shape;
  }

  private IllegalArgumentException failed(int i, String what) {
    return new IllegalArgumentException(
        name + ": " + (batch.length == 0 ? "" : "(Batch element " + i + "): ") + what);
  }

  /** Solves a·x = b by columns into b, which has n columns. */
  void solve(int i, double[] b, int n, String consequence) {
    if (rows == 0 || n == 0) {
      return;
    }
    intW info = new intW(0);
    LIBRARY.dgesv(rows, n, matrix(i), rows, new int[rows], b, rows, info);
    if (info.val > 0) {
      throw failed(
          i,
          message(
              "The diagonal element %s is zero, %s because the input matrix is singular",
              info.val, consequence));
    }
  }

  /** Computes the factors L and U in place of a and returns the sign of the permutation. */
  int factorise(double[] a) {
    int[] pivots = new int[rows];
    if (rows > 0) {
      LIBRARY.dgetrf(rows, rows, a, rows, pivots, new intW(0));
    }
    int sign = 1;
    for (int k = 0; k < rows; k++) {
      sign = pivots[k] == k + 1 ? sign : -sign;
    }
    return sign;
  }

  /** Computes the lower triangle of L with a = L·Lᵀ. */
  double[] cholesky(int i) {
    double[] a = matrix(i);
    intW info = new intW(0);
    if (rows > 0) {
      LIBRARY.dpotrf("L", rows, a, rows, info);
    }
    if (info.val > 0) {
      throw failed(
          i,
          message(
              "The factorization could not be completed because the input is not positive-definite"
                  + " (the leading minor of order %s is not positive-definite)",
              info.val));
    }
    for (int column = 1; column < rows; column++) {
      Arrays.fill(a, column * rows, column * rows + column, 0);
    }
    return a;
  }

  /** Computes Q into q and R into r, with k = min(rows, columns). */
  void qr(int i, double[] q, double[] r) {
    int k = Math.min(rows, columns);
    if (k == 0) {
      return;
    }
    double[] a = matrix(i);
    double[] tau = new double[k];
    double[] work = new double[64 * Math.max(rows, columns)];
    LIBRARY.dgeqrf(rows, columns, a, rows, tau, work, work.length, new intW(0));
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row <= Math.min(column, k - 1); row++) {
        r[column * k + row] = a[column * rows + row];
      }
    }
    LIBRARY.dorgqr(rows, k, k, a, rows, tau, work, work.length, new intW(0));
    System.arraycopy(a, 0, q, 0, rows * k);
  }

  /** Computes U, singular values, and Vᵀ, with k = min(rows, columns). */
  void svd(int i, double[] u, double[] s, double[] vt) {
    int k = Math.min(rows, columns);
    if (k == 0) {
      return;
    }
    double[] a = finite(i);
    double[] work = new double[64 * (rows + columns)];
    intW info = new intW(0);
    LIBRARY.dgesvd("S", "S", rows, columns, a, rows, s, u, rows, vt, k, work, work.length, info);
    if (info.val != 0) {
      throw failed(i, "The algorithm failed to converge; " + info.val + " superdiagonals did not");
    }
  }

  /** Eigenvectors of a symmetric matrix, of which the lower triangle is read, and eigenvalues. */
  double[] eigh(int i, double[] values) {
    double[] a = finite(i);
    if (rows > 0) {
      double[] work = new double[64 * rows];
      intW info = new intW(0);
      LIBRARY.dsyev("V", "L", rows, a, rows, values, work, work.length, info);
      if (info.val != 0) {
        throw failed(i, "The algorithm failed to converge; " + info.val + " elements did not");
      }
    }
    return a;
  }

  private double[] finite(int i) {
    double[] a = matrix(i);
    if (!Arrays.stream(a).allMatch(Double::isFinite)) {
      throw failed(
          i,
          "The algorithm failed to converge because the input matrix contained non-finite values");
    }
    return a;
  }
}
