package dev.bellows.comm;

/** What a buffer of a collective holds, in native (little-endian) byte order. */
public enum ElementType {
  /** IEEE 754 binary32, 4 bytes. */
  FLOAT32(4),
  /** IEEE 754 binary64, 8 bytes. */
  FLOAT64(8),
  /** Two's complement integer of 8 bytes; sums wrap around. */
  INT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
