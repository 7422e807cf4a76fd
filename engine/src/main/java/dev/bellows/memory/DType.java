package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

/** Element type of a tensor, with its size in bytes. */
public enum DType {
  /** IEEE 754 binary32: the default floating-point type. */
  FLOAT32(4, true, "F32"),
  /** IEEE 754 binary64. */
  FLOAT64(8, true, "F64"),
  /** IEEE 754 binary16: 11 bits of precision, up to 65504. */
  FLOAT16(2, true, "F16"),
  /** The upper half of a FLOAT32: the same range with 8 bits of precision. */
  BFLOAT16(2, true, "BF16"),
  /** Signed 64 bits: the default type of integers and of indices. */
  INT64(8, false, "I64"),
  /** Signed 32 bits. */
  INT32(4, false, "I32"),
  /** Signed 16 bits. */
  INT16(2, false, "I16"),
  /** Signed 8 bits. */
  INT8(1, false, "I8"),
  /** Unsigned 8 bits. */
  UINT8(1, false, "U8"),
  /** One byte, 0 or 1. */
  BOOL(1, false, "BOOL");

  private final int bytes;
  private final boolean floating;
  private final String code;

  DType(int bytes, boolean floating, String code) {
    this.bytes = bytes;
    this.floating = floating;
    this.code = code;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether gradients can flow through tensors of this type. */
  public boolean isFloatingPoint() {
    return floating;
  }

  /** Returns whether this is an integer type; BOOL is not. */
  public boolean isIntegral() {
    return !floating && this != BOOL;
  }

  /**
   * Returns whether this is a 16-bit floating-point type: values are computed as FLOAT32 and then
   * rounded.
   */
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /**
   * Returns the smallest value of an integer type or BOOL.
   *
   * @throws UnsupportedOperationException if the type is floating point
   */
  public long minValue() {
    return switch (this) {
      case INT64 -> Long.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT8 -> Byte.MIN_VALUE;
      case UINT8, BOOL -> 0;
      default -> throw new UnsupportedOperationException("minValue: must not be floating: " + this);
    };
  }

  /**
   * Returns the largest value of an integer type or BOOL.
   *
   * @throws UnsupportedOperationException if the type is floating point
   */
  public long maxValue() {
    return switch (this) {
      case INT64 -> Long.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT8 -> Byte.MAX_VALUE;
      case UINT8 -> 255;
      case BOOL -> 1;
      default -> throw new UnsupportedOperationException("maxValue: must not be floating: " + this);
    };
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
