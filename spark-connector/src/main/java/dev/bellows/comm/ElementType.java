package dev.bellows.comm;

/** The type of the elements of a buffer, in native (little-endian) byte order. */
public enum ElementType {
  /** IEEE 754 binary32, 4 bytes. */
  FLOAT32(4),
  /** IEEE 754 binary64, 8 bytes. */
  FLOAT64(8),
  /** Two's complement integer of 8 bytes; sums wrap around. */
  INT64(8),
  /**
   * The upper half of a binary32, 2 bytes. Leaves and results are BFLOAT16; partials of more than
   * one leaf are FLOAT32, and so is every addition: only the result is rounded, once, to the
   * nearest, ties to even.
   */
  BFLOAT16(2);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns the size of one element of a partial over {@code leaves} leaves, in bytes. */
  public int partialBytes(int leaves) {
    return partialType(leaves).bytes;
  }

  /** Returns the type of the elements of a partial over {@code leaves} leaves. */
  public ElementType partialType(int leaves) {
    return this == BFLOAT16 && leaves > 1 ? FLOAT32 : this;
  }
}
