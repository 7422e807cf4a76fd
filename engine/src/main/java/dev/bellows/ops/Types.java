package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** Rules on element types. */
public final class Types {
  private Types() {}

  /**
   * Returns the type two operands are brought to: BOOL gives way to whole numbers, these to
   * floating point; of one kind the larger wins. UINT8 and INT8 meet in INT16, FLOAT16 and BFLOAT16
   * in FLOAT32. Source: PyTorch's {@code torch.promote_types}.
   */
  public static DType promote(DType a, DType b) {
    if (a == b || kind(a) != kind(b)) {
      return kind(a) >= kind(b) ? a : b;
    }
    if (a.bytes() == b.bytes()) {
      return a.isFloatingPoint() ? DType.FLOAT32 : DType.INT16;
    }
    return a.bytes() > b.bytes() ? a : b;
  }

  /**
   * Returns the type of an operation on a tensor and a number: the tensor's, unless the number is
   * of a higher kind (then INT64 or FLOAT32).
   */
  public static DType promote(Tensor a, Number b) {
    if (isReal(b)) {
      return floating(a.dtype());
    }
    return a.dtype() == DType.BOOL ? DType.INT64 : a.dtype();
  }

  /** Returns whether a number is of a floating type. */
  public static boolean isReal(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  /** Returns the type itself if floating point, else FLOAT32. */
  public static DType floating(DType type) {
    return type.isFloatingPoint() ? type : DType.FLOAT32;
  }

  /**
   * Returns the type two operands are brought to. A tensor without dimensions does not widen one
   * with dimensions unless it is of a higher kind (BOOL, integer, floating point).
   */
  public static DType promote(Tensor a, Tensor b) {
    if (a.dim() == 0 && b.dim() > 0 && kind(a.dtype()) <= kind(b.dtype())) {
      return b.dtype();
    }
    if (b.dim() == 0 && a.dim() > 0 && kind(b.dtype()) <= kind(a.dtype())) {
      return a.dtype();
    }
    return promote(a.dtype(), b.dtype());
  }

  /** Works like {@link #promote(Tensor, Tensor)}, of three operands. */
  static DType promote(Tensor a, Tensor b, Tensor c) {
    DType withDims = null;
    DType scalars = null;
    for (Tensor t : new Tensor[] {a, b, c}) {
      if (t.dim() > 0) {
        withDims = withDims == null ? t.dtype() : promote(withDims, t.dtype());
      } else {
        scalars = scalars == null ? t.dtype() : promote(scalars, t.dtype());
      }
    }
    if (withDims == null || scalars == null) {
      return withDims == null ? scalars : withDims;
    }
    return kind(scalars) > kind(withDims) ? scalars : withDims;
  }

  private static int kind(DType type) {
    return type == DType.BOOL ? 0 : type.isFloatingPoint() ? 2 : 1;
  }

  /**
   * Checks that the result of an operation in place fits into its target.
   *
   * @throws IllegalArgumentException if the target's kind (BOOL, whole, floating) is lower
   */
  public static void checkResult(String operation, DType result, DType target) {
    if (kind(result) > kind(target)) {
      throw new IllegalArgumentException(
          message(
              "%s: result type %s can't be cast to the desired output type %s",
              operation, result, target));
    }
  }

  /**
   * Checks that inputs are floating point of one type.
   *
   * @throws IllegalArgumentException naming the types
   */
  static void same(String operation, Tensor... in) {
    DType first = in[0].dtype();
    for (Tensor t : in) {
      if (t.dtype() != first || !first.isFloatingPoint()) {
        StringBuilder types = new StringBuilder();
        for (Tensor each : in) {
          types.append(types.isEmpty() ? "" : ", ").append(each.dtype());
        }
        throw new IllegalArgumentException(
            message("%s: inputs must be floating point of one dtype; got %s", operation, types));
      }
    }
  }
}
