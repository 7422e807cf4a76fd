package dev.bellows.backend;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;

/** Converts numbers to elements of a type and to the values that kernels compute with. */
public final class Scalars {
  private Scalars() {}

  /** Checks that an operation's element type is floating point. */
  public static void requireFloating(String operation, DType type) {
    if (!type.isFloatingPoint()) {
      throw new UnsupportedOperationException(
          message("%s: element type must be floating point; got %s", operation, type));
    }
  }

  /**
   * Returns a number as kernels compute with it: 16-bit floating-point types are computed as
   * FLOAT32.
   */
  public static double real(DType type, Number value) {
    return type == DType.FLOAT64 ? value.doubleValue() : value.floatValue();
  }

  /** Returns a number rounded to an element type. */
  public static double rounded(DType type, Number value) {
    return type.round(real(type, value));
  }

  /** Returns a number as an integer of a type; meaningless for floating-point types. */
  public static long whole(DType type, Number value) {
    if (type.isFloatingPoint()) {
      return 0;
    }
    boolean real = value instanceof Double || value instanceof Float;
    return real && type == DType.BOOL
        ? (value.doubleValue() != 0 ? 1 : 0)
        : type.wrap(real ? (long) value.doubleValue() : value.longValue());
  }

  /** Returns the bits of a number as an element of a type. */
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
