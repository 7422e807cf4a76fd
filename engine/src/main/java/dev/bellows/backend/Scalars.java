package dev.bellows.backend;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;

/** Numbers as elements of a type hold them, and as kernels compute with them. */
public final class Scalars {
  private Scalars() {}

  /** Refuses types that an operation has no meaning for. */
  public static void requireFloating(String operation, DType type) {
    if (!type.isFloatingPoint()) {
      throw new UnsupportedOperationException(
          operation + ": element type must be floating point; got " + type);
    }
  }

  /** As it is computed with: halves are computed with as FLOAT32. */
  public static double real(DType type, Number value) {
    return type == DType.FLOAT64 ? value.doubleValue() : value.floatValue();
  }

  /** As an element holds it. */
  public static double rounded(DType type, Number value) {
    return round(type, real(type, value));
  }

  /** A value as an element of a floating type holds it. */
  public static double round(DType type, double value) {
    return switch (type) {
      case FLOAT32 -> (float) value;
      case FLOAT16 -> Halves.fromFloat16(Halves.toFloat16((float) value));
      case BFLOAT16 -> Halves.fromBFloat16(Halves.toBFloat16((float) value));
      default -> value;
    };
  }

  /** As a whole number of a type; of floating types, of no meaning. */
  public static long whole(DType type, Number value) {
    if (type.isFloatingPoint()) {
      return 0;
    }
    boolean real = value instanceof Double || value instanceof Float;
    return real && type == DType.BOOL
        ? (value.doubleValue() != 0 ? 1 : 0)
        : type.wrap(real ? (long) value.doubleValue() : value.longValue());
  }

  /** The bits of an element. */
  public static long bits(DType type, Number value) {
    return switch (type) {
      case FLOAT32 -> Float.floatToRawIntBits(value.floatValue());
      case FLOAT64 -> Double.doubleToRawLongBits(value.doubleValue());
      case FLOAT16 -> Halves.toFloat16(value.floatValue());
      case BFLOAT16 -> Halves.toBFloat16(value.floatValue());
      default -> whole(type, value);
    };
  }
}
