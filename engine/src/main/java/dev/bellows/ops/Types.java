package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** Rules on element types. */
public final class Types {
  private Types() {}

  /**
   * The type two operands are brought to: BOOL &lt; UINT8 &lt; INT32 &lt; INT64 &lt; FLOAT32 &lt;
   * FLOAT64.
   */
  public static DType promote(DType a, DType b) {
    return rank(a) >= rank(b) ? a : b;
  }

  /**
   * The type two operands are brought to. A tensor without dimensions does not widen one with
   * dimensions unless it is of a higher kind (BOOL, integer, floating point).
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

  private static int kind(DType type) {
    return type == DType.BOOL ? 0 : type.isFloatingPoint() ? 2 : 1;
  }

  private static int rank(DType type) {
    return switch (type) {
      case BOOL -> 0;
      case UINT8 -> 1;
      case INT32 -> 2;
      case INT64 -> 3;
      case FLOAT32 -> 4;
      case FLOAT64 -> 5;
    };
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
            operation + ": inputs must be floating point of one dtype; got " + types);
      }
    }
  }
}
