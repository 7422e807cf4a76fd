package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

/** Element type of a tensor; a constant holds what is to be known of the type. */
public enum DType {
  /** IEEE 754 binary32: the default floating-point type. */
  FLOAT32(4, "F32", 24, Float.MAX_VALUE),
  /** IEEE 754 binary64. */
  FLOAT64(8, "F64", 53, Double.MAX_VALUE),
  /** IEEE 754 binary16: 11 bits of precision, up to 65504. */
  FLOAT16(2, "F16", 11, 65504),
  /** The upper half of a FLOAT32: the same range with 8 bits of precision. */
  BFLOAT16(2, "BF16", 8, 0x1.FEp127),
  /** Signed 64 bits: the default type of integers and of indices. */
  INT64(8, Long.MIN_VALUE, Long.MAX_VALUE, "I64"),
  /** Signed 32 bits. */
  INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE, "I32"),
  /** Signed 16 bits. */
  INT16(2, Short.MIN_VALUE, Short.MAX_VALUE, "I16"),
  /** Signed 8 bits. */
  INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE, "I8"),
  /** Unsigned 8 bits. */
  UINT8(1, 0, 255, "U8"),
  /** One byte, 0 or 1. */
  BOOL(1, 0, 1, "BOOL");

  private final int bytes;
  private final String code;
  private final int precision;
  private final double largest;
  private final long min;
  private final long max;

  /** A floating-point type. */
  DType(int bytes, String code, int precision, double largest) {
    this.bytes = bytes;
    this.code = code;
    this.precision = precision;
    this.largest = largest;
    this.min = 0;
    this.max = 0;
  }

  /** An integer type, or BOOL. */
  DType(int bytes, long min, long max, String code) {
    this.bytes = bytes;
    this.code = code;
    this.precision = 0;
    this.largest = 0;
    this.min = min;
    this.max = max;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether gradients can flow through tensors of this type. */
  public boolean isFloatingPoint() {
    return precision > 0;
  }

  /** Returns whether this is an integer type; BOOL is not. */
  public boolean isIntegral() {
    return !isFloatingPoint() && this != BOOL;
  }

  /**
   * Returns whether this is a 16-bit floating-point type: values are computed as FLOAT32 and then
   * rounded.
   */
  public boolean isHalf() {
    return isFloatingPoint() && bytes < FLOAT32.bytes;
  }

  /**
   * Returns the number of significant binary digits of a floating-point type; integers up to 2 to
   * the power of it are exact.
   *
   * @throws UnsupportedOperationException if this is not a floating-point type
   */
  public int precision() {
    require("precision", "floating point", isFloatingPoint());
    return precision;
  }

  /**
   * Returns the largest finite number of a floating-point type.
   *
   * @throws UnsupportedOperationException if this is not a floating-point type
   */
  public double largest() {
    require("largest", "floating point", isFloatingPoint());
    return largest;
  }

  /**
   * Returns the smallest value of an integer type or BOOL.
   *
   * @throws UnsupportedOperationException if the type is floating point
   */
  public long minValue() {
    require("minValue", "an integer type", !isFloatingPoint());
    return min;
  }

  /**
   * Returns the largest value of an integer type or BOOL.
   *
   * @throws UnsupportedOperationException if the type is floating point
   */
  public long maxValue() {
    require("maxValue", "an integer type", !isFloatingPoint());
    return max;
  }

  private void require(String operation, String kind, boolean holds) {
    if (!holds) {
      throw new UnsupportedOperationException(
          message("%s: must be %s; got %s", operation, kind, this));
    }
  }

  /**
   * Truncates an integer to the low bits of this type; for BOOL, returns 1 if the value is not 0.
   */
  public long wrap(long value) {
    return switch (this) {
      case INT32 -> (int) value;
      case INT16 -> (short) value;
      case INT8 -> (byte) value;
      case UINT8 -> value & 0xFF;
      case BOOL -> value == 0 ? 0 : 1;
      default -> value;
    };
  }

  /** Returns a number rounded to a floating-point type; unchanged for integers. */
  public double round(double value) {
    return switch (this) {
      case FLOAT32 -> (float) value;
      case FLOAT16 -> Halves.fromFloat16(Halves.toFloat16((float) value));
      case BFLOAT16 -> Halves.fromBFloat16(Halves.toBFloat16((float) value));
      default -> value;
    };
  }

  /** Returns the name of this type in the safetensors format, for example {@code F32}. */
  public String code() {
    return code;
  }

  /**
   * Returns the type with the given safetensors name.
   *
   * @throws IllegalArgumentException if the engine has no such type
   */
  public static DType ofCode(String code) {
    StringBuilder known = new StringBuilder();
    for (DType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
      known.append(known.isEmpty() ? "" : ", ").append(type.code);
    }
    throw new IllegalArgumentException(message("dtype: must be one of %s; got %s", known, code));
  }
}
