package dev.bellows.memory;

/** Element type of a tensor, with its size in bytes. */
public enum DType {
  FLOAT32(4, true, "F32"),
  FLOAT64(8, true, "F64"),
  INT64(8, false, "I64"),
  INT32(4, false, "I32"),
  UINT8(1, false, "U8"),
  BOOL(1, false, "BOOL");

  private final int bytes;
  private final boolean floating;
  private final String code;

  DType(int bytes, boolean floating, String code) {
    this.bytes = bytes;
    this.floating = floating;
    this.code = code;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether gradients can flow through tensors of this type. */
  public boolean isFloatingPoint() {
    return floating;
  }

  /** The name the safetensors format uses for this type, as {@code F32}. */
  public String code() {
    return code;
  }

  /**
   * The type a safetensors name stands for.
   *
   * @throws IllegalArgumentException if no type of this engine has that name
   */
  public static DType ofCode(String code) {
    for (DType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "dtype: must be one of F32, F64, I64, I32, U8, BOOL; got " + code);
  }
}
