package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Memory;
import dev.bellows.ops.Types;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/** Numbers at equal distances. */
final class Sequences {
  private Sequences() {}

  static Tensor arange(Number start, Number end, Number step, DType dtype) {
    boolean whole = !Types.isReal(start) && !Types.isReal(end) && !Types.isReal(step);
    double a = start.doubleValue();
    double b = end.doubleValue();
    double s = step.doubleValue();
    if (s == 0) {
      throw new IllegalArgumentException("arange: step must be nonzero");
    }
    if (!Double.isFinite(a) || !Double.isFinite(b) || Double.isNaN(s)) {
      throw new IllegalArgumentException(
          message("arange: unsupported range: %s -> %s", start, end));
    }
    if (s > 0 ? a > b : a < b) {
      throw new IllegalArgumentException(
          message(
              "arange: upper bound and lower bound inconsistent with step sign; got %s, %s, %s",
              start, end, step));
    }
    long n =
        whole
            ? count(start.longValue(), end.longValue(), step.longValue())
            : (long) Math.ceil((b - a) / s);
    if (dtype.isFloatingPoint()) {
      return reals("arange", n, dtype, i -> a + i * s);
    }
    return whole
        ? longs(n, dtype, i -> start.longValue() + i * step.longValue())
        : longs(n, dtype, i -> (long) a + i * (long) s);
  }

  private static long count(long start, long end, long step) {
    long distance = end - start;
    if (((end ^ start) & (end ^ distance)) < 0) {
      throw new IllegalArgumentException(
          message(
              "arange: invalid size, possible overflow: end - start must be below 2^63; got %s, %s",
              start, end));
    }
    return distance / step + (distance % step == 0 ? 0 : 1);
  }

  static Tensor linspace(Number start, Number end, long steps, DType dtype) {
    return reals("linspace", steps, dtype, points("linspace", start, end, steps));
  }

  static Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    LongToDoubleFunction exponents = points("logspace", start, end, steps);
    double b = base.doubleValue();
    return reals("logspace", steps, dtype, i -> StrictMath.pow(b, exponents.applyAsDouble(i)));
  }

  /** Computes from both ends to the middle, so that the sequence is as symmetrical as its ends. */
  private static LongToDoubleFunction points(
      String operation, Number start, Number end, long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          message("%s: number of steps must be non-negative; got %s", operation, steps));
    }
    double a = start.doubleValue();
    double b = end.doubleValue();
    double step = steps > 1 ? (b - a) / (steps - 1) : 0;
    return i -> i < steps / 2 || steps == 1 ? a + step * i : b - step * (steps - 1 - i);
  }

  private static Tensor reals(String operation, long n, DType dtype, LongToDoubleFunction at) {
    Tensor wide = Factories.empty(operation, Device.CPU, DType.FLOAT64, n);
    for (long i = 0; i < n; i++) {
      Memory.putDouble(wide.strided().address() + 8 * i, at.applyAsDouble(i));
    }
    return typed(wide, dtype);
  }

  private static Tensor longs(long n, DType dtype, LongUnaryOperator at) {
    Tensor wide = Factories.empty("arange", Device.CPU, DType.INT64, n);
    for (long i = 0; i < n; i++) {
      Memory.putLong(wide.strided().address() + 8 * i, at.applyAsLong(i));
    }
    return typed(wide, dtype);
  }

  private static Tensor typed(Tensor wide, DType dtype) {
    if (wide.dtype() == dtype) {
      return wide;
    }
    try (wide) {
      return wide.to(dtype);
    }
  }
}
