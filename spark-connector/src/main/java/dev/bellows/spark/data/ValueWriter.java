package dev.bellows.spark.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Halves;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.Decimal;

/**
 * Writes numbers to a buffer as elements of a column, and rejects values that the type cannot
 * represent.
 */
final class ValueWriter {
  private static final double TWO_63 = 0x1p63;

  private final Column column;

  ValueWriter(Column column) {
    this.column = column;
  }

  /** Writes an integer; it must be representable without rounding. */
  void put(ByteBuffer out, long value) throws ValueException {
    switch (column.dtype()) {
      case FLOAT32 -> {
        float rounded = value;
        checkExact(rounded, value);
        out.putFloat(rounded);
      }
      case FLOAT64 -> {
        double rounded = value;
        checkExact(rounded, value);
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
        checkExact(Halves.fromFloat16(rounded), value);
        out.putShort(rounded);
      }
      case BFLOAT16 -> {
        short rounded = Halves.toBFloat16(value);
        checkExact(Halves.fromBFloat16(rounded), value);
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

  /**
   * Writes a floating-point number; for an integer type it must be integral, for FLOAT32 it is
   * rounded.
   */
  void put(ByteBuffer out, double value) throws ValueException {
    switch (column.dtype()) {
      case FLOAT32 -> {
        float rounded = (float) value;
        checkRange(rounded, Double.isInfinite(value), value);
        out.putFloat(rounded);
      }
      case FLOAT64 -> out.putDouble(value);
      case FLOAT16 -> {
        short rounded = Halves.toFloat16((float) value);
        checkRange(Halves.fromFloat16(rounded), Double.isInfinite(value), value);
        out.putShort(rounded);
      }
      case BFLOAT16 -> {
        short rounded = Halves.toBFloat16((float) value);
        checkRange(Halves.fromBFloat16(rounded), Double.isInfinite(value), value);
        out.putShort(rounded);
      }
      default -> {
        check(Math.rint(value) == value, value, "be whole numbers for " + column.dtype());
        check(value >= -TWO_63 && value < TWO_63, value, "be in the range of " + column.dtype());
        put(out, (long) value);
      }
    }
  }

  /**
   * Writes a decimal number. With scale 0 it is an integer and must be representable; with decimals
   * it is rounded once for a floating-point type, and must be integral for another type.
   *
   * @param scale of the column's type; above 0: with decimals
   */
  void put(ByteBuffer out, Decimal value, int scale) throws ValueException {
    DType dtype = column.dtype();
    if (scale > 0 && dtype.isFloatingPoint()) {
      put(out, dtype == DType.FLOAT64 ? value.toDouble() : narrow(value.toJavaBigDecimal()));
      return;
    }
    BigDecimal exact = value.toJavaBigDecimal();
    BigInteger whole = exact.toBigInteger();
    if (exact.compareTo(new BigDecimal(whole)) != 0) {
      check(false, exact.toPlainString(), "be whole numbers for " + dtype);
    }
    if (whole.bitLength() < Long.SIZE) {
      put(out, whole.longValue());
    } else {
      checkWide(whole, dtype);
      put(out, whole.doubleValue());
    }
  }

  /** Rounds to FLOAT32, from which FLOAT16 and BFLOAT16 are rounded in any case. */
  private static double narrow(BigDecimal value) {
    return value.floatValue();
  }

  /** Checks an integer beyond 64 bits, which fits only a floating-point type, if any. */
  private void checkWide(BigInteger value, DType dtype) throws ValueException {
    if (!dtype.isFloatingPoint()) {
      check(false, value, dtype == DType.BOOL ? "be 0 or 1" : "be in the range of " + dtype);
    }
    double rounded = dtype.round(value.doubleValue());
    check(
        !Double.isInfinite(rounded) && new BigDecimal(rounded).toBigInteger().equals(value),
        value,
        "be exact as " + dtype);
  }

  /**
   * Checks for exactness by comparing integers: compared with a float, the integer itself would be
   * rounded.
   */
  private void checkExact(double rounded, long value) throws ValueException {
    check(
        rounded >= -TWO_63 && rounded < TWO_63 && (long) rounded == value,
        value,
        "be exact as " + column.dtype());
  }

  private void checkRange(float rounded, boolean infinite, double value) throws ValueException {
    check(infinite || !Float.isInfinite(rounded), value, "be in the range of " + column.dtype());
  }

  private void check(boolean holds, Object value, String rule) throws ValueException {
    if (!holds) {
      throw new ValueException(
          message("column %s: values must %s; got %s", column.name(), rule, value));
    }
  }
}
