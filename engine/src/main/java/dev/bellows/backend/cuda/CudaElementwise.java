package dev.bellows.backend.cuda;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Formula;
import dev.bellows.backend.PointwiseOp;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** CudaElementwise functions of one or two arrays. */
final class CudaElementwise {
  private final CudaDevice device;

  CudaElementwise(CudaDevice device) {
    this.device = device;
  }

  void unary(UnaryOp op, Strided a, Strided out) {
    DType type = a.dtype();
    boolean wide = isWide(op, type);
    CudaWalk walk = CudaWalk.over(op.row().operation(), a, out);
    launch(
        device.kernel(wide ? KernelFile.UNARY_WIDE : KernelFile.UNARY, type, op.name()),
        walk,
        wide ? 16 : widest(a, out),
        Launch.begin().array(a).array(out).address(device.fault()).walk(walk));
  }

  void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    DType type = a.dtype();
    CudaWalk walk = CudaWalk.over(op.row().operation(), a, b, out);
    launch(
        kernel(op, type, op.name()),
        walk,
        widest(a, out),
        Launch.begin()
            .array(a)
            .array(b)
            .array(out)
            .address(device.fault())
            .real(0)
            .whole(0)
            .walk(walk));
  }

  void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    DType type = a.dtype();
    double real = op.isLogical() ? Scalars.rounded(type, scalar) : Scalars.real(type, scalar);
    boolean root = op == BinaryOp.POW && type.isFloatingPoint() && Math.abs(real) == 0.5;
    CudaWalk walk = CudaWalk.over(op.row().operation(), a, out);
    launch(
        kernel(op, type, root ? "ROOT_S" : op + "_S"),
        walk,
        widest(a, out),
        Launch.begin()
            .array(a)
            .array(out)
            .address(device.fault())
            .real(real)
            .whole(Scalars.whole(type, scalar))
            .walk(walk));
  }

  void addScaled(Strided a, Strided b, Number alpha, Strided out) {
    DType type = a.dtype();
    KernelFile file = type.isFloatingPoint() ? KernelFile.BINARY : KernelFile.INTEGER;
    CudaWalk walk = CudaWalk.over("addScaled", a, b, out);
    launch(
        device.kernel(file, type, "ADD_SCALED"),
        walk,
        widest(a, out),
        Launch.begin()
            .array(a)
            .array(b)
            .array(out)
            .address(device.fault())
            .real(Scalars.real(type, alpha))
            .whole(Scalars.whole(type, alpha))
            .walk(walk));
  }

  private void launch(CudaModule.Function kernel, CudaWalk walk, int bytes, Launch params) {
    if (walk.numel > 0) {
      device.launch(kernel, walk.steps(bytes), params);
    }
  }

  private static int widest(Strided a, Strided out) {
    return Math.max(a.dtype().bytes(), out.dtype().bytes());
  }

  private CudaModule.Function kernel(BinaryOp op, DType type, String name) {
    boolean wide = isWide(op, type);
    KernelFile file =
        op.isLogical()
            ? KernelFile.COMPARE
            : !type.isFloatingPoint()
                ? KernelFile.INTEGER
                : wide ? KernelFile.BINARY_WIDE : KernelFile.BINARY;
    return device.kernel(file, type, name);
  }

  /**
   * Returns whether elements of a type are computed in double, one at a time.
   *
   * @throws UnsupportedOperationException if the operation does not take the type
   */
  private static boolean isWide(PointwiseOp<?, ?> op, DType type) {
    Formula<?> formula = type.isFloatingPoint() ? op.real() : op.whole(type);
    return formula.form() == Formula.Form.WIDE;
  }
}
