package dev.bellows.backend;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;

/**
 * The permitted error of a backend relative to exact arithmetic, defined only here. {@code
 * magnitude} is the sum of the absolute values of the terms, {@code terms} their number.
 */
final class Tolerance {
  private Tolerance() {}

  /**
   * Largest allowed error. It grows with the length of the sum: with its square root for FLOAT32,
   * which backends sum in blocks or wider, and in proportion for FLOAT64, where the expected value
   * is no better than what is tested.
   */
  static double of(DType type, double magnitude, long terms) {
    return switch (type) {
      case FLOAT32 -> (8 + Math.sqrt(terms)) * 0x1p-23 * magnitude + Float.MIN_NORMAL;
      case FLOAT64 -> (8 + terms) * 0x1p-52 * magnitude + Double.MIN_NORMAL;
      case FLOAT16 -> 0x1p-10 * magnitude + 0x1p-24;
      case BFLOAT16 -> 0x1p-7 * magnitude + Float.MIN_NORMAL;
      default -> 0;
    };
  }

  /** Whether a value is close: NaN to NaN, ±∞ to itself, others within {@code tolerance}. */
  static boolean close(double actual, double expected, double tolerance) {
    if (Double.isNaN(expected) || Double.isNaN(actual)) {
      return Double.isNaN(expected) && Double.isNaN(actual);
    }
    return actual == expected || Math.abs(actual - expected) <= tolerance;
  }

  /** A value as an element of a type: rounded, or wrapped around. */
  static double round(DType type, double value) {
    return switch (type) {
      case FLOAT32 -> (float) value;
      case FLOAT64 -> value;
      case INT64 -> (long) value;
      case FLOAT16 -> Halves.fromFloat16(Halves.toFloat16((float) value));
      case BFLOAT16 -> Halves.fromBFloat16(Halves.toBFloat16((float) value));
      case INT32, INT16, INT8, UINT8 -> type.wrap((long) value);
      case BOOL -> value != 0 ? 1 : 0;
    };
  }
}
