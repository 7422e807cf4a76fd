package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Activation;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Matrix products. Floating-point types use BLAS: matrices with contiguous rows or columns are
 * passed directly, with any leading dimension and batch stride (including 0), others as a copy.
 * Matrices that are not aligned to 16 bytes are copied too, since BLAS selects its kernels by
 * alignment and results must not depend on addresses. Bias and activation follow in one kernel.
 * Integers use a separate kernel, for any strides.
 */
final class MatMuls {
  private static final int TILE = 64;
  private static final int MOST_GRID_Y = 65535;

  private final CudaDevice device;
  private final Moves moves;
  private final CudaElementwise elementwise;
  private final Blas blas;

  MatMuls(CudaDevice device, Moves moves, CudaElementwise elementwise, Blas blas) {
    this.device = device;
    this.moves = moves;
    this.elementwise = elementwise;
    this.blas = blas;
  }

  void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    checkSizes(a, b);
    int d = out.dim();
    if (!out.dtype().isFloatingPoint()) {
      wholeProduct(a, b, bias, activation, out);
      return;
    }
    Strided row = bias == null ? null : along(bias, d - 1, out);
    if (a.size(d - 1) == 0) {
      moves.fill(out, 0);
      finish(out, row, activation, out);
      return;
    }
    try (CudaTemp lhs = matrix(a);
        CudaTemp rhs = matrix(b);
        CudaTemp result =
            isMatrix(out) && (d == 2 || out.size(0) == 1 || out.stride(0) > 0)
                ? CudaTemp.same(out)
                : CudaTemp.blank(device, out.dtype(), out.sizes())) {
      product(lhs.array(), rhs.array(), result.array());
      finish(result.array(), row, activation, out);
    }
  }

  private static void checkSizes(Strided a, Strided b) {
    for (Strided each : new Strided[] {a, b}) {
      for (long size : each.sizes()) {
        if (size > Integer.MAX_VALUE) {
          throw new UnsupportedOperationException(
              message(
                  "matmul: sizes must be below 2147483648 on a CUDA device; got lhs %s, rhs %s",
                  a.sizes(), b.sizes()));
        }
      }
    }
  }

  /**
   * Returns a vector as an array of out's sizes that is broadcast along all dimensions but {@code
   * dim}.
   */
  static Strided along(Strided vector, int dim, Strided out) {
    long[] strides = new long[out.dim()];
    strides[dim] = vector.stride(0);
    return vector.with(out.sizes(), strides, vector.offset());
  }

  private CudaTemp matrix(Strided a) {
    boolean fits = isMatrix(a) && (a.dim() == 2 || a.stride(0) >= 0);
    return fits
        ? CudaTemp.same(a)
        : CudaTemp.copy(device, moves, a, Shapes.contiguousStrides(a.sizes()));
  }

  /** Returns whether BLAS accepts the last two dimensions without a copy. */
  private static boolean isMatrix(Strided a) {
    return CudaTemp.isAligned(a) && (isRowMajor(a) || isColumnMajor(a));
  }

  private static boolean isRowMajor(Strided a) {
    int r = a.dim() - 2;
    return (a.size(r + 1) == 1 || a.stride(r + 1) == 1)
        && (a.size(r) == 1 || (a.stride(r) >= a.size(r + 1) && a.stride(r) <= Integer.MAX_VALUE));
  }

  private static boolean isColumnMajor(Strided a) {
    return isRowMajor(a.transposed());
  }

  /** Computes out = a · b for matrices that BLAS accepts without a copy. */
  private void product(Strided a, Strided b, Strided out) {
    if (!isRowMajor(out)) {
      product(b.transposed(), a.transposed(), out.transposed());
      return;
    }
    int d = out.dim();
    boolean repeated = d == 3 && out.size(0) > 1 && b.stride(0) == 0;
    if (repeated && isOneMatrix(a) && isOneMatrix(out)) {
      product(oneMatrix(a), b.with(tail(b.sizes()), tail(b.strides()), b.offset()), oneMatrix(out));
      return;
    }
    // BLAS reads row-major matrices as their transposes: outᵀ = bᵀ · aᵀ.
    blas.gemm(
        out.dtype(),
        out.size(d - 1),
        out.size(d - 2),
        a.size(d - 1),
        input(b),
        input(a),
        0,
        operand(out, true),
        d == 3 ? out.size(0) : 1);
  }

  private static Blas.Operand input(Strided a) {
    boolean straight = isRowMajor(a) && !(a.size(a.dim() - 1) == 1 && isColumnMajor(a));
    return operand(a, straight);
  }

  private static Blas.Operand operand(Strided a, boolean straight) {
    int r = a.dim() - 2;
    long rows = a.size(r);
    long columns = a.size(r + 1);
    long leading =
        straight ? (rows == 1 ? columns : a.stride(r)) : (columns == 1 ? rows : a.stride(r + 1));
    return new Blas.Operand(a.deviceAddress(), !straight, leading, r == 0 ? 0 : a.stride(0));
  }

  /** Returns whether a batch of matrices can be treated as one matrix with all their rows. */
  private static boolean isOneMatrix(Strided a) {
    long rows = a.size(0) * a.size(1);
    return rows <= Integer.MAX_VALUE
        && (a.size(2) == 1 || a.stride(2) == 1)
        && (a.size(1) == 1 || a.stride(0) == a.size(1) * a.stride(1))
        && isRowMajor(oneMatrix(a));
  }

  private static Strided oneMatrix(Strided a) {
    long[] sizes = {a.size(0) * a.size(1), a.size(2)};
    long[] strides = {a.size(1) == 1 ? a.stride(0) : a.stride(1), a.stride(2)};
    return a.with(sizes, strides, a.offset());
  }

  private static long[] tail(long[] values) {
    return Arrays.copyOfRange(values, 1, values.length);
  }

  /**
   * Computes out = activation(product + bias), all of the same sizes; bias may be null, product may
   * be out.
   */
  void finish(Strided product, Strided bias, Activation activation, Strided out) {
    boolean relu = activation == Activation.RELU;
    if (bias == null) {
      if (relu) {
        elementwise.unary(UnaryOp.RELU, product, out);
      } else if (product != out) {
        moves.copy(product, out);
      }
      return;
    }
    CudaWalk walk = CudaWalk.over("matmul", product, bias, out);
    int bytes = out.dtype().bytes();
    if (!isRows(walk)) {
      device.launch(
          device.kernel(KernelFile.MATMUL, out.dtype(), "FINISH_ANY"),
          walk.steps(bytes),
          Launch.begin().array(product).array(bias).array(out).whole(relu ? 1 : 0).walk(walk));
      return;
    }
    int pack = 16 / bytes;
    boolean packed =
        walk.sizes[1] % pack == 0
            && CudaTemp.isAligned(product)
            && CudaTemp.isAligned(bias)
            && CudaTemp.isAligned(out);
    device.launch(
        device.kernel(KernelFile.MATMUL, out.dtype(), "FINISH"),
        packed ? walk.numel / pack : walk.numel,
        Launch.begin()
            .array(product)
            .array(bias)
            .array(out)
            .whole(walk.numel)
            .whole(walk.sizes[1])
            .integer(relu ? 1 : 0)
            .integer(packed ? 1 : 0));
  }

  /**
   * Returns whether product and out are contiguous rows, and the bias is contiguous and as long as
   * a row.
   */
  private static boolean isRows(CudaWalk walk) {
    return walk.dims == 2
        && walk.strides[1][0] == 0
        && walk.strides[1][1] == 1
        && walk.strides[0][1] == 1
        && walk.strides[2][1] == 1
        && walk.strides[0][0] == walk.sizes[1]
        && walk.strides[2][0] == walk.sizes[1];
  }

  private void wholeProduct(
      Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    int d = out.dim();
    long batch = d == 3 ? out.size(0) : 1;
    long rowTiles = (out.size(d - 2) + TILE - 1) / TILE;
    long columnTiles = (out.size(d - 1) + TILE - 1) / TILE;
    Launch params = Launch.begin();
    for (Strided each : new Strided[] {a, b, out}) {
      params
          .array(each)
          .whole(each.stride(d - 2))
          .whole(each.stride(d - 1))
          .whole(d == 3 ? each.stride(0) : 0);
    }
    params
        .address(bias == null ? 0 : bias.deviceAddress())
        .whole(bias == null ? 0 : bias.stride(0))
        .whole(out.size(d - 2))
        .whole(out.size(d - 1))
        .whole(a.size(d - 1))
        .whole(batch)
        .whole(columnTiles)
        .whole(activation == Activation.RELU ? 1 : 0);
    device.launch(
        device.kernel(KernelFile.MATMUL, out.dtype(), "PRODUCT"),
        Math.toIntExact(rowTiles * columnTiles),
        (int) Math.min(MOST_GRID_Y, batch),
        CudaDevice.THREADS,
        params);
  }
}
