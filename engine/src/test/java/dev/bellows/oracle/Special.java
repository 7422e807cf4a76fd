package dev.bellows.oracle;

import dev.bellows.memory.DType;

/** Numbers that kernels get wrong first. */
final class Special {
  private static final double[] BORDERS = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    0,
    1,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final int FINITE_BORDERS = 10;

  private Special() {}

  /** Replaces about one element in six, at least one. */
  static void floats(Rng r, DType dtype, boolean large, double... values) {
    double most = largest(dtype);
    double least = least(dtype);
    double[] some = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      0,
      least,
      -3 * least,
      1,
      -1,
      most,
      -most
    };
    int count = some.length - (large ? 0 : 2);
    for (int i = 0; i < values.length; i++) {
      if (r.oneIn(6)) {
        values[i] = some[r.nextInt(count)];
      }
    }
    if (values.length > 0) {
      values[r.nextInt(values.length)] = some[r.nextInt(count)];
    }
  }

  /**
   * Fills with numbers at which domains end and rules change; in half of all calls mostly with
   * finite ones, since one NaN hides the rest of what it is reduced with.
   */
  static void borders(Rng r, double... values) {
    boolean tame = r.nextBoolean();
    for (int i = 0; i < values.length; i++) {
      boolean finite = tame && !r.oneIn(8);
      values[i] = BORDERS[r.nextInt(finite ? FINITE_BORDERS : BORDERS.length)];
    }
  }

  /** Replaces about one element in six. */
  static void integers(Rng r, DType dtype, long... values) {
    if (dtype == DType.BOOL) {
      return;
    }
    int bits = 8 * dtype.bytes();
    boolean signed = dtype != DType.UINT8;
    long most = -1L >>> (signed ? 65 - bits : 64 - bits);
    long[] some = {0, 1, most, most - 1, signed ? -most - 1 : 0, signed ? -1 : 2};
    for (int i = 0; i < values.length; i++) {
      if (r.oneIn(6)) {
        values[i] = some[r.nextInt(some.length)];
      }
    }
  }

  private static double largest(DType dtype) {
    return switch (dtype.name()) {
      case "FLOAT16" -> 65504;
      case "BFLOAT16" -> Math.scalb(255.0 / 128, 127);
      case "FLOAT32" -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }

  private static double least(DType dtype) {
    return switch (dtype.name()) {
      case "FLOAT16" -> Math.scalb(1.0, -24);
      case "BFLOAT16" -> Math.scalb(1.0, -133);
      case "FLOAT32" -> Float.MIN_VALUE;
      default -> Double.MIN_VALUE;
    };
  }
}
