package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.ops.Types;

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
      throw new IllegalArgumentException("arange: unsupported range: " + start + " -> " + end);
    }
    if (s > 0 ? a > b : a < b) {
      throw new IllegalArgumentException(
          "arange: upper bound and lower bound inconsistent with step sign; got "
              + start
              + ", "
              + end
              + ", "
              + step);
    }
    long n =
        whole
            ? count(start.longValue(), end.longValue(), step.longValue())
            : (long) Math.ceil((b - a) / s);
    if (dtype.isFloatingPoint()) {
      double[] values = new double[Math.toIntExact(n)];
      for (int i = 0; i < values.length; i++) {
        values[i] = a + i * s;
      }
      return typed(values, dtype);
    }
    long[] values = new long[Math.toIntExact(n)];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole ? start.longValue() + i * step.longValue() : (long) a + i * (long) s;
    }
    return typed(values, dtype);
  }

  private static long count(long start, long end, long step) {
    long distance = Math.subtractExact(end, start);
    return distance / step + (distance % step == 0 ? 0 : 1);
  }

  static Tensor linspace(Number start, Number end, long steps, DType dtype) {
    double[] values = points("linspace", start, end, steps, dtype);
    return typed(values, dtype);
  }

  static Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    double[] values = points("logspace", start, end, steps, dtype);
    for (int i = 0; i < values.length; i++) {
      values[i] = StrictMath.pow(base.doubleValue(), values[i]);
    }
    return typed(values, dtype);
  }

  /** From both ends to the middle, so that the sequence is as symmetrical as its ends. */
  private static double[] points(
      String operation, Number start, Number end, long steps, DType dtype) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          operation + ": number of steps must be non-negative; got " + steps);
    }
    double a = start.doubleValue();
    double b = end.doubleValue();
    double[] values = new double[Math.toIntExact(steps)];
    double step = steps > 1 ? (b - a) / (steps - 1) : 0;
    for (int i = 0; i < steps; i++) {
      values[i] = i < steps / 2 || steps == 1 ? a + step * i : b - step * (steps - 1 - i);
    }
    return values;
  }

  private static Tensor typed(double[] values, DType dtype) {
    try (Tensor wide = Tensor.of(values)) {
      return dtype == DType.FLOAT64 ? wide.clone() : wide.to(dtype);
    }
  }

  private static Tensor typed(long[] values, DType dtype) {
    try (Tensor wide = Tensor.of(values)) {
      return dtype == DType.INT64 ? wide.clone() : wide.to(dtype);
    }
  }
}
