package dev.bellows.backend.cpu;

import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Memory;

/**
 * exp, log, tanh, sigmoid and GELU in float: polynomials of the Cephes library (S. Moshier) after
 * the usual argument reduction, with errors below two units in the last place.
 *
 * <p>Functions work on tiles: parts of a row, copied to an array that stays in the L1 cache, and
 * changed by one loop after another. The loops have no branches and use exactly rounded operations
 * only. C2 makes vectors of them, each loop alone, and the interpreter computes the same bits.
 * Where a loop needs the bits of numbers, they are copied to an array of whole numbers. An instance
 * holds the arrays for intermediate results, and serves one thread.
 */
public final class FloatTile {
  /** Number of elements of a tile. */
  public static final int SIZE = 1024;

  private static final float LOG2E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Adding 1.5 · 2^23 rounds to an integer, which is then in the low bits. */
  private static final float ROUND = 12582912f;

  private static final int ROUND_BITS = 0x4B400000;
  private static final int EXPONENT_BIAS = 127;
  private static final int FRACTION_BITS = 23;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;
  private static final int LEAST_NORMAL = 1 << FRACTION_BITS;
  private static final int MOST_FINITE = 0x7F7FFFFF;
  private static final int SQRT_HALF = Float.floatToRawIntBits(0.70710678f);
  private static final float TANH_SMALL = 0.625f;
  private static final int TANH_SMALL_BITS = Float.floatToRawIntBits(TANH_SMALL);

  private static final float GELU_SCALE = 0.7978845608f;
  private static final float GELU_CUBE = 0.044715f;

  private final float[] first;
  private final float[] second;
  private final int[] bits;
  private final int[] moreBits;
  private final int[] lastBits;

  /** Creates the arrays for tiles of at most {@code most} elements. */
  public FloatTile(int most) {
    first = new float[most];
    second = new float[most];
    bits = new int[most];
    moreBits = new int[most];
    lastBits = new int[most];
  }

  /** Returns whether {@link #apply} computes a function. */
  static boolean supports(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, TANH, SIGMOID, GELU_TANH -> true;
      default -> false;
    };
  }

  /** Computes x[i] = op(x[i]) for i below n. */
  void apply(UnaryOp op, float[] x, int n) {
    switch (op) {
      case EXP -> exp(x, n);
      case LOG -> log(x, n);
      case TANH -> tanh(x, n);
      case GELU_TANH -> geluTanh(x, n);
      default -> sigmoid(x, n);
    }
  }

  /** Computes x[i] = exp(x[i]) for i below n. */
  public void exp(float[] x, int n) {
    reduced(x, first, n);
    Memory.copyArray(first, bits, 4L * n);
    powers(bits, moreBits, n);
    Memory.copyArray(bits, first, 4L * n);
    Memory.copyArray(moreBits, second, 4L * n);
    multiply(x, first, second, n);
  }

  /** Writes exp(r) to x, where x = k · ln 2 + r, and ROUND + k. */
  private static void reduced(float[] x, float[] k, int n) {
    for (int i = 0; i < n; i++) {
      float c = Math.max(Math.min(x[i], 89f), -104f);
      float shifted = c * LOG2E + ROUND;
      float whole = shifted - ROUND;
      float r = c - whole * LN2_HIGH - whole * LN2_LOW;
      float y = (r * 1.9875691500e-4f + 1.3981999507e-3f) * r + 8.3334519073e-3f;
      y = ((y * r + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
      x[i] = y * (r * r) + r + 1f;
      k[i] = shifted;
    }
  }

  /** Writes the bits of two powers of 2 whose product is 2^k, since 2^k itself may overflow. */
  private static void powers(int[] k, int[] rest, int n) {
    for (int i = 0; i < n; i++) {
      int whole = k[i] - ROUND_BITS;
      int half = whole >> 1;
      k[i] = half + EXPONENT_BIAS << FRACTION_BITS;
      rest[i] = whole - half + EXPONENT_BIAS << FRACTION_BITS;
    }
  }

  private static void multiply(float[] x, float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = x[i] * a[i] * b[i];
    }
  }

  /** Computes x[i] = log(x[i]) for i below n. */
  private void log(float[] x, int n) {
    Memory.copyArray(x, bits, 4L * n);
    boolean ordinary = ordinary(bits, n);
    split(bits, moreBits, n);
    Memory.copyArray(bits, first, 4L * n);
    Memory.copyArray(moreBits, second, 4L * n);
    if (ordinary) {
      logarithms(first, second, x, n);
      return;
    }
    float[] given = x.clone();
    logarithms(first, second, x, n);
    for (int i = 0; i < n; i++) {
      if (!(given[i] >= Float.MIN_NORMAL && given[i] <= Float.MAX_VALUE)) {
        x[i] = logEdge(given[i]);
      }
    }
  }

  /** Returns whether all numbers are positive, normal and finite. */
  private static boolean ordinary(int[] x, int n) {
    int outside = 0;
    for (int i = 0; i < n; i++) {
      outside |= (x[i] - LEAST_NORMAL) | (MOST_FINITE - x[i]);
    }
    return outside >= 0;
  }

  /** Splits x = m · 2^k with m from √½ to √2: writes m, and ROUND + k. */
  private static void split(int[] x, int[] k, int n) {
    for (int i = 0; i < n; i++) {
      int above = x[i] - SQRT_HALF;
      k[i] = (above >> FRACTION_BITS) + ROUND_BITS;
      x[i] = (above & FRACTION) + SQRT_HALF;
    }
  }

  private static void logarithms(float[] m, float[] k, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      float f = m[i] - 1f;
      float e = k[i] - ROUND;
      float z = f * f;
      float y = (f * 7.0376836292e-2f - 1.1514610310e-1f) * f + 1.1676998740e-1f;
      y = ((y * f - 1.2420140846e-1f) * f + 1.4249322787e-1f) * f - 1.6668057665e-1f;
      y = ((y * f + 2.0000714765e-1f) * f - 2.4999993993e-1f) * f + 3.3333331174e-1f;
      y = y * f * z + e * LN2_LOW - z * 0.5f;
      x[i] = f + y + e * LN2_HIGH;
    }
  }

  /** Returns the logarithm of a number that is not positive, normal and finite. */
  private static float logEdge(float x) {
    if (x > 0f && x < Float.MIN_NORMAL) {
      float[] m = {0};
      float[] k = {0};
      int above = Float.floatToRawIntBits(x * 0x1p23f) - SQRT_HALF;
      k[0] = (above >> FRACTION_BITS) - FRACTION_BITS + ROUND;
      m[0] = Float.intBitsToFloat((above & FRACTION) + SQRT_HALF);
      logarithms(m, k, m, 1);
      return m[0];
    }
    return x < 0f ? Float.NaN : x == 0f ? Float.NEGATIVE_INFINITY : x;
  }

  /** Computes x[i] = tanh(x[i]) for i below n. */
  private void tanh(float[] x, int n) {
    float[] large = new float[n];
    twice(x, large, n);
    exp(large, n);
    Memory.copyArray(x, lastBits, 4L * n);
    tangents(x, large, n);
    Memory.copyArray(x, bits, 4L * n);
    Memory.copyArray(large, moreBits, 4L * n);
    choose(lastBits, bits, moreBits, n);
    Memory.copyArray(lastBits, x, 4L * n);
  }

  private static void twice(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(x[i]) + Math.abs(x[i]);
    }
  }

  /** Writes tanh(x) for small x to x, and tanh |x| for others to y, which holds exp(2 |x|). */
  private static void tangents(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      float z = x[i] * x[i];
      float small = (z * -5.70498872745e-3f + 2.06390887954e-2f) * z - 5.37397155531e-2f;
      small = (small * z + 1.33314422036e-1f) * z - 3.33332819422e-1f;
      x[i] = small * z * x[i] + x[i];
      y[i] = 1f - 2f / (y[i] + 1f);
    }
  }

  private static void choose(int[] x, int[] small, int[] large, int n) {
    for (int i = 0; i < n; i++) {
      int isSmall = ((x[i] & Integer.MAX_VALUE) - TANH_SMALL_BITS) >> 31;
      int chosen = (small[i] & isSmall) | (large[i] & ~isSmall);
      x[i] = (chosen & Integer.MAX_VALUE) | (x[i] & Integer.MIN_VALUE);
    }
  }

  /** Computes x[i] = 1 / (1 + exp(−x[i])) for i below n. */
  private void sigmoid(float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = -x[i];
    }
    exp(x, n);
    for (int i = 0; i < n; i++) {
      x[i] = 1f / (x[i] + 1f);
    }
  }

  /** Computes x[i] = x[i] · sigmoid(2u), which is x / 2 · (1 + tanh u), for u of {@link #inner}. */
  private void geluTanh(float[] x, int n) {
    float[] e = new float[n];
    inner(x, e, n);
    exp(e, n);
    for (int i = 0; i < n; i++) {
      x[i] = x[i] / (1f + e[i]);
    }
  }

  /** Multiplies grad[i] by the derivative of GELU by tanh at x[i], for i below n. */
  void geluTanhGrad(float[] grad, float[] x, int n) {
    float[] e = new float[n];
    inner(x, e, n);
    exp(e, n);
    for (int i = 0; i < n; i++) {
      float s = 1f / (1f + e[i]);
      float slope = 2 * GELU_SCALE + 6 * GELU_SCALE * GELU_CUBE * (x[i] * x[i]);
      grad[i] = grad[i] * (s + x[i] * (s * (1f - s)) * slope);
    }
  }

  /** Writes −2u, u = √(2 / π) · (x + 0.044715 · x³). */
  private static void inner(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * (-2 * GELU_SCALE - 2 * GELU_SCALE * GELU_CUBE * (x[i] * x[i]));
    }
  }
}
