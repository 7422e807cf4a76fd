package dev.bellows.memory;

/**
 * Converts 16-bit floating-point values to and from FLOAT32, rounding to nearest even. FLOAT16 has
 * 1 sign bit, 5 exponent bits (bias 15) and 10 fraction bits; BFLOAT16 is the upper half of a
 * FLOAT32. NaN stays NaN; values out of range become infinite. Source: IEEE 754-2008.
 */
public final class Halves {
  private static final float TINY = 0x1p-24f;

  private Halves() {}

  /** Converts a FLOAT16 to FLOAT32. */
  public static float fromFloat16(short bits) {
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    int sign = (bits & 0x8000) << 16;
    if (exponent == 0) {
      float value = fraction * TINY;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** Rounds a value to the nearest FLOAT16. */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 0x477FF000) { // at least 65520, half-way from the largest to the next
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x38800000) { // below 2^-14: a multiple of 2^-24, rounded by adding 2^-1
      int steps = Float.floatToRawIntBits(Math.abs(value) + 0.5f) - 0x3F000000;
      return (short) (sign | steps);
    }
    int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  /** Converts a BFLOAT16 to FLOAT32. */
  public static float fromBFloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds a value to the nearest BFLOAT16. */
  public static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) {
      return (short) ((bits >>> 16) & 0x8000 | 0x7FC0);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
