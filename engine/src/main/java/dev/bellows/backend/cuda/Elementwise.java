package dev.bellows.backend.cuda;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Functions of the elements of one or two arrays. */
final class Elementwise {
  private final CudaDevice device;

  Elementwise(CudaDevice device) {
    this.device = device;
  }

  void unary(UnaryOp op, Strided a, Strided out) {
    DType type = a.dtype();
    checkSupported("unary " + op, op.isForIntegers(), isRare(op), type);
    KernelFile file = isRare(op) ? KernelFile.UNARY_RARE : KernelFile.UNARY;
    Walk walk = Walk.over("unary " + op, a, out);
    launch(
        device.kernel(file, type, op.name()),
        walk,
        isRare(op) ? 16 : widest(a, out),
        Launch.begin().array(a).array(out).address(device.fault()).walk(walk));
  }

  void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    DType type = a.dtype();
    Walk walk = Walk.over("binary " + op, a, b, out);
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
    Walk walk = Walk.over("binary " + op, a, out);
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
    Walk walk = Walk.over("addScaled", a, b, out);
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

  private void launch(Module.Function kernel, Walk walk, int bytes, Launch params) {
    if (walk.numel > 0) {
      device.launch(kernel, walk.steps(bytes), params);
    }
  }

  private static int widest(Strided a, Strided out) {
    return Math.max(a.dtype().bytes(), out.dtype().bytes());
  }

  private Module.Function kernel(BinaryOp op, DType type, String name) {
    if (op.isLogical()) {
      return device.kernel(KernelFile.COMPARE, type, name);
    }
    if (!type.isFloatingPoint()) {
      checkSupported("binary " + op, false, isFloatingOnly(op), type);
      return device.kernel(KernelFile.INTEGER, type, name);
    }
    checkSupported("binary " + op, op.isForIntegers(), false, type);
    return device.kernel(isRare(op) ? KernelFile.BINARY_RARE : KernelFile.BINARY, type, name);
  }

  private static boolean isRare(UnaryOp op) {
    return op.compareTo(UnaryOp.RSQRT) >= 0;
  }

  private static boolean isRare(BinaryOp op) {
    return switch (op) {
      case POW,
              ATAN2,
              HYPOT,
              FMOD,
              REMAINDER,
              FLOOR_DIVIDE,
              TRUNC_DIVIDE,
              XLOGY,
              LOG_ADD_EXP,
              LOG_ADD_EXP2 ->
          true;
      default -> false;
    };
  }

  private static boolean isFloatingOnly(BinaryOp op) {
    return switch (op) {
      case ATAN2, HYPOT, COPYSIGN, XLOGY, LOG_ADD_EXP, LOG_ADD_EXP2 -> true;
      default -> false;
    };
  }

  private static void checkSupported(
      String operation, boolean integersOnly, boolean floatingOnly, DType type) {
    if (integersOnly && type.isFloatingPoint()) {
      throw KernelErrors.integersOnly(operation);
    }
    if (floatingOnly && !type.isFloatingPoint()) {
      throw KernelErrors.floatingOnly(operation, type);
    }
  }
}
