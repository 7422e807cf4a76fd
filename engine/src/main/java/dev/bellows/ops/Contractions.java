package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Products summed over chosen dimensions, products of many matrices, Kronecker products. */
public final class Contractions {
  private Contractions() {}

  /** Sums over the last dimensions of a and the first of b, as many as asked for. */
  public static Tensor tensordot(Tensor a, Tensor b, int dims) {
    if (dims < 0) {
      throw new IllegalArgumentException("tensordot expects dims >= 0, but got dims=" + dims);
    }
    if (dims > Math.min(a.dim(), b.dim())) {
      throw new IllegalArgumentException(
          "tensordot expects dims < ndim_a or ndim_b, but got dims=" + dims);
    }
    int[] first = new int[dims];
    int[] second = new int[dims];
    Arrays.setAll(first, i -> i - dims);
    Arrays.setAll(second, i -> i);
    return tensordot(a, b, first, second);
  }

  /** Sums over dimension {@code dimsA[i]} of a together with {@code dimsB[i]} of b. */
  public static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
    if (dimsA.length != dimsB.length) {
      throw new IllegalArgumentException(
          message(
              "tensordot: both dimension lists should have same length; got %s and %s",
              dimsA, dimsB));
    }
    MatMul.checkTypes("tensordot", a, b);
    int[] da = wrapped(a, dimsA);
    int[] db = wrapped(b, dimsB);
    Tensor x = a;
    Tensor y = b;
    for (int i = 0; i < da.length; i++) {
      long m = a.size(da[i]);
      long n = b.size(db[i]);
      if (m != n && m != 1 && n != 1) {
        throw new IllegalArgumentException(
            message(
                "tensordot: contracted dimensions need to match, but first has size %s in dim %s"
                    + " and second has size %s in dim %s",
                m, dimsA[i], n, dimsB[i]));
      }
      x = m != n && n == 1 ? x.sum(da[i], true).to(a.dtype()) : x;
      y = m != n && m == 1 ? y.sum(db[i], true).to(b.dtype()) : y;
    }
    int[] freeA = others(x.dim(), da);
    int[] freeB = others(y.dim(), db);
    long[] rows = sizes(x, freeA);
    long[] columns = sizes(y, freeB);
    long k = Shapes.numel(sizes(x, da));
    Tensor lhs = x.permute(joined(freeA, da)).reshape(Shapes.numel(rows), k);
    Tensor rhs = y.permute(joined(db, freeB)).reshape(k, Shapes.numel(columns));
    return MatMul.matmul(lhs, rhs).reshape(joined(rows, columns));
  }

  private static int[] wrapped(Tensor x, int[] dims) {
    int[] out = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      out[i] = Dims.wrap("tensordot", dims[i], x.dim());
      for (int k = 0; k < i; k++) {
        if (out[k] == out[i] || x.dim() == 0) {
          throw new IllegalArgumentException(
              "tensordot: dim " + out[i] + " appears multiple times in the list of dims");
        }
      }
    }
    if (x.dim() == 0 && dims.length > 0) {
      throw new IndexOutOfBoundsException(
          "tensordot: Dimension specified as " + dims[0] + " but tensor has no dimensions");
    }
    return out;
  }

  private static int[] others(int dims, int... used) {
    boolean[] gone = new boolean[dims];
    for (int d : used) {
      gone[d] = true;
    }
    int[] out = new int[dims];
    int n = 0;
    for (int d = 0; d < dims; d++) {
      if (!gone[d]) {
        out[n++] = d;
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static long[] sizes(Tensor x, int... dims) {
    long[] out = new long[dims.length];
    Arrays.setAll(out, i -> x.size(dims[i]));
    return out;
  }

  private static int[] joined(int[] a, int[] b) {
    int[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  static long[] joined(long[] a, long... b) {
    long[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  /**
   * Computes the Kronecker product: every element of this times all of the other; missing leading
   * dimensions count as 1.
   */
  public static Tensor kron(Tensor self, Tensor other) {
    int dims = Math.max(self.dim(), other.dim());
    long[] wideA = new long[2 * dims];
    long[] wideB = new long[2 * dims];
    long[] shape = new long[dims];
    Arrays.fill(wideA, 1);
    Arrays.fill(wideB, 1);
    for (int d = 0; d < dims; d++) {
      int inA = d - dims + self.dim();
      int inB = d - dims + other.dim();
      wideA[2 * d] = inA < 0 ? 1 : self.size(inA);
      wideB[2 * d + 1] = inB < 0 ? 1 : other.size(inB);
      shape[d] = Dims.times("kron", wideA[2 * d], wideB[2 * d + 1]);
    }
    Dims.numel("kron", shape);
    return self.reshape(wideA).mul(other.reshape(wideB)).reshape(shape);
  }

  /**
   * Computes the product of two or more matrices in the order that needs the fewest
   * multiplications; the first and the last may be vectors.
   */
  public static Tensor multiDot(List<Tensor> tensors) {
    int n = tensors.size();
    if (n < 2) {
      throw new IllegalArgumentException("multi_dot(): expected at least 2 tensors but got " + n);
    }
    Tensor first = end(tensors.get(0), "first");
    Tensor last = end(tensors.get(n - 1), "last");
    Tensor[] all = tensors.toArray(Tensor[]::new);
    all[0] = first.dim() == 1 ? first.unsqueeze(0) : first;
    all[n - 1] = last.dim() == 1 ? last.unsqueeze(1) : last;
    for (int i = 0; i < n; i++) {
      if (all[i].dim() != 2) {
        throw new IllegalArgumentException(
            message("multi_dot(): tensor %s must be 2D but got %sD", i, all[i].dim()));
      }
      if (all[i].dtype() != all[0].dtype()) {
        throw new IllegalArgumentException(
            message(
                "multi_dot(): all tensors must be the same dtype but tensor 0 is %s and tensor %s"
                    + " %s",
                all[0].dtype(), i, all[i].dtype()));
      }
      if (i > 0 && all[i - 1].size(1) != all[i].size(0)) {
        throw new IllegalArgumentException(
            message(
                "multi_dot(): tensors %s and %s with shapes %s and %s cannot be multiplied",
                i - 1, i, Products.text(all[i - 1]), Products.text(all[i])));
      }
    }
    Tensor out = product(all, splits(all), 0, n - 1);
    out = last.dim() == 1 ? out.squeeze(1) : out;
    return first.dim() == 1 ? out.squeeze(0) : out;
  }

  private static Tensor end(Tensor x, String which) {
    if (x.dim() != 1 && x.dim() != 2) {
      throw new IllegalArgumentException(
          message("multi_dot(): the %s tensor must be 1D or 2D but got %sD", which, x.dim()));
    }
    return x;
  }

  /** Computes where each product i .. j is split best: the usual dynamic program over lengths. */
  private static int[][] splits(Tensor... all) {
    int n = all.length;
    double[][] cost = new double[n][n];
    int[][] split = new int[n][n];
    for (int length = 1; length < n; length++) {
      for (int i = 0; i + length < n; i++) {
        int j = i + length;
        cost[i][j] = Double.POSITIVE_INFINITY;
        for (int k = i; k < j; k++) {
          double multiply = (double) all[i].size(0) * all[k].size(1) * all[j].size(1);
          double total = cost[i][k] + cost[k + 1][j] + multiply;
          if (total < cost[i][j]) {
            cost[i][j] = total;
            split[i][j] = k;
          }
        }
      }
    }
    return split;
  }

  private static Tensor product(Tensor[] all, int[][] split, int i, int j) {
    if (i == j) {
      return all[i];
    }
    int k = split[i][j];
    return MatMul.matmul(product(all, split, i, k), product(all, split, k + 1, j));
  }

  /** Computes the product of one or more matrices. */
  public static Tensor chainMatmul(List<Tensor> matrices) {
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException("chain_matmul(): Expected one or more matrices");
    }
    for (Tensor x : matrices) {
      if (x.dim() != 2) {
        throw new IllegalArgumentException(
            "chain_matmul(): Tensor dimension is " + x.dim() + ", expected 2 instead");
      }
    }
    return matrices.size() == 1 ? matrices.get(0) : multiDot(matrices);
  }
}
