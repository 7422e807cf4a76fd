package dev.bellows.spark.data;

import dev.bellows.memory.Halves;
import java.nio.ByteBuffer;

/** Puts numbers into a buffer as elements of a column, and refuses what the type cannot hold. */
final class ValueWriter {
  private static final double TWO_63 = 0x1p63;

  private final Column column;

  ValueWriter(Column column) {
    this.column = column;
  }

  /** An integer; it must be representable without rounding. */
  void put(ByteBuffer out, long value) throws ValueException {
    switch (column.dtype()) {
      case FLOAT32 -> {
        float rounded = value;
        check(rounded < TWO_63 && (long) rounded == value, value, "be exact as FLOAT32");
        out.putFloat(rounded);
      }
      case FLOAT64 -> {
        double rounded = value;
        check(rounded < TWO_63 && (long) rounded == value, value, "be exact as FLOAT64");
        out.putDouble(rounded);
      }
      case INT64 -> out.putLong(value);
      case INT32 -> {
        check((int) value == value, value, "be in the range of INT32");
        out.putInt((int) value);
      }
      case INT16 -> {
        check((short) value == value, value, "be in the range of INT16");
        out.putShort((short) value);
      }
      case INT8 -> {
        check((byte) value == value, value, "be in the range of INT8");
        out.put((byte) value);
      }
      case FLOAT16 -> {
        short rounded = Halves.toFloat16(value);
        check(Halves.fromFloat16(rounded) == value, value, "be exact as FLOAT16");
        out.putShort(rounded);
      }
      case BFLOAT16 -> {
        short rounded = Halves.toBFloat16(value);
        check(Halves.fromBFloat16(rounded) == value, value, "be exact as BFLOAT16");
        out.putShort(rounded);
      }
      case UINT8 -> {
        check(value >= 0 && value <= 255, value, "be in 0..255");
        out.put((byte) value);
      }
      case BOOL -> {
        check(value == 0 || value == 1, value, "be 0 or 1");
        out.put((byte) value);
      }
    }
  }

  /** A floating-point number; as an integer it must be whole, as FLOAT32 it is rounded. */
  void put(ByteBuffer out, double value) throws ValueException {
    switch (column.dtype()) {
      case FLOAT32 -> {
        float rounded = (float) value;
        boolean overflow = Float.isInfinite(rounded) && !Double.isInfinite(value);
        check(!overflow, value, "be in the range of FLOAT32");
        out.putFloat(rounded);
      }
      case FLOAT64 -> out.putDouble(value);
      case FLOAT16 -> {
        short rounded = Halves.toFloat16((float) value);
        boolean overflow = Math.abs(value) > 65504 && !Double.isInfinite(value);
        check(!overflow, value, "be in the range of FLOAT16");
        out.putShort(rounded);
      }
      case BFLOAT16 -> {
        short rounded = Halves.toBFloat16((float) value);
        boolean overflow =
            Float.isInfinite(Halves.fromBFloat16(rounded)) && !Double.isInfinite(value);
        check(!overflow, value, "be in the range of BFLOAT16");
        out.putShort(rounded);
      }
      default -> {
        boolean whole = Math.rint(value) == value && value >= -TWO_63 && value < TWO_63;
        check(whole, value, "be whole numbers for " + column.dtype());
        put(out, (long) value);
      }
    }
  }

  private void check(boolean holds, Object value, String rule) throws ValueException {
    if (!holds) {
      throw new ValueException(
          "column " + column.name() + ": values must " + rule + "; got " + value);
    }
  }
}
