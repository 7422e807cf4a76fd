package dev.bellows.backend.cpu;

import dev.bellows.memory.Memory;
import java.util.Arrays;

/**
 * Functions in double on tiles, as {@link FloatTile} has them in float: y[i] = f(x[i]) for i below
 * n, where x and y may be one array. Errors are below two units in the last place of double for
 * exp, log, sine, cosine and what is made of them, and far below one of float for others. Each
 * method states the arguments that it is for; results for others are arbitrary.
 *
 * <p>Source: the reductions and the coefficients of log, sine and cosine are those of fdlibm (Sun
 * Microsystems); the other polynomials are minimax fits.
 */
final class DoubleTile {
  /** Adding 1.5 · 2^52 rounds to an integer, which is then in the low bits. */
  private static final double ROUND = 0x1.8p52;

  private static final double LN2_HIGH = 6.93147180369123816490e-01;
  private static final double LN2_LOW = 1.90821492927058770002e-10;
  private static final double LN2 = 0.6931471805599453;
  private static final double LOG2E = 1.4426950408889634;
  private static final double LOG10_2_HIGH = 3.01029995663611771306e-01;
  private static final double LOG10_2_LOW = 3.69423907715893078616e-13;
  private static final double LOG10E = 0.4342944819032518;
  private static final int FRACTION_BITS = 52;
  private static final long FRACTION = (1L << FRACTION_BITS) - 1;
  private static final long EXPONENT_BIAS = 1023;
  private static final long ONE_BITS = EXPONENT_BIAS << FRACTION_BITS;
  private static final long SQRT_HALF_BITS = Double.doubleToRawLongBits(Math.sqrt(0.5));

  /** 2^52, of which a small whole number can be the low bits. */
  private static final double WHOLE = 0x1p52;

  private static final long WHOLE_BITS = Double.doubleToRawLongBits(WHOLE);

  /** Parts of π / 2; the first two have 33 bits. */
  private static final double QUARTER_HIGH = 1.57079632673412561417e+00;

  private static final double QUARTER_MIDDLE = 6.07710050630396597660e-11;
  private static final double QUARTER_LOW = 2.02226624879595063154e-21;

  private final double[] first;
  private final double[] second;
  private final double[] third;
  private final long[] bits;
  private final long[] moreBits;
  private final long[] lastBits;
  private final long[] result;

  /** Creates the arrays for tiles of at most {@code most} elements. */
  DoubleTile(int most) {
    first = new double[most];
    second = new double[most];
    third = new double[most];
    bits = new long[most];
    moreBits = new long[most];
    lastBits = new long[most];
    result = new long[most];
  }

  /** Returns whether all |x| are at most {@code most}. */
  boolean areWithin(double most, double[] x, int n) {
    Memory.copyArray(x, bits, 8L * n);
    long limit = Double.doubleToRawLongBits(most);
    long outside = 0;
    for (int i = 0; i < n; i++) {
      outside |= limit - (bits[i] & Long.MAX_VALUE);
    }
    return outside >= 0;
  }

  /** Returns whether all numbers are from {@code least}, which is positive, to {@code most}. */
  boolean areBetween(double least, double most, double[] x, int n) {
    Memory.copyArray(x, bits, 8L * n);
    long first = Double.doubleToRawLongBits(least);
    long last = Double.doubleToRawLongBits(most);
    long outside = 0;
    for (int i = 0; i < n; i++) {
      outside |= (bits[i] - first) | (last - bits[i]);
    }
    return outside >= 0;
  }

  /** Computes the exponential for |x| up to 700. */
  void exp(double[] x, double[] y, int n) {
    powerLess1(x, LOG2E, LN2_HIGH, LN2_LOW, 1, y, n);
    double[] power = first;
    for (int i = 0; i < n; i++) {
      y[i] = y[i] * power[i] + power[i];
    }
  }

  /** Computes exp(x) − 1 for |x| up to 700. */
  void expm1(double[] x, double[] y, int n) {
    powerLess1(x, LOG2E, LN2_HIGH, LN2_LOW, 1, y, n);
    double[] power = first;
    for (int i = 0; i < n; i++) {
      y[i] = y[i] * power[i] - (1 - power[i]);
    }
  }

  /** Computes 2^x for |x| up to 1000. */
  void exp2(double[] x, double[] y, int n) {
    powerLess1(x, 1, 1, 0, LN2, y, n);
    double[] power = first;
    for (int i = 0; i < n; i++) {
      y[i] = y[i] * power[i] + power[i];
    }
  }

  /** Reduces x to r = (x − k · unit) · scale: writes exp(r) − 1 to y and 2^k to {@link #first}. */
  private void powerLess1(
      double[] x, double perUnit, double high, double low, double scale, double[] y, int n) {
    remainders(x, perUnit, high, low, scale, y, first, n);
    Memory.copyArray(first, bits, 8L * n);
    for (int i = 0; i < n; i++) {
      bits[i] = bits[i] + EXPONENT_BIAS << FRACTION_BITS;
    }
    Memory.copyArray(bits, first, 8L * n);
  }

  private static void remainders(
      double[] x,
      double perUnit,
      double high,
      double low,
      double scale,
      double[] y,
      double[] k,
      int n) {
    for (int i = 0; i < n; i++) {
      double shifted = x[i] * perUnit + ROUND;
      double whole = shifted - ROUND;
      double r = (x[i] - whole * high - whole * low) * scale;
      double p = (r * 2.5113877631907145e-08 + 2.761383752815196e-07) * r + 2.7557237678041088e-06;
      p = (p * r + 2.480153634853066e-05) * r + 0.00019841269885021232;
      p = (p * r + 0.0013888888905895385) * r + 0.008333333333324859;
      p = (p * r + 0.041666666666651336) * r + 0.16666666666666669;
      y[i] = r * (1 + r * (0.5 + r * p));
      k[i] = shifted;
    }
  }

  /** Computes the natural logarithm of positive, normal, finite numbers. */
  void log(double[] x, double[] y, int n) {
    split(x, n);
    Arrays.fill(third, 0, n, 0);
    logarithms(first, second, third, LN2_HIGH, LN2_LOW, 1, y, n);
  }

  /** Computes the logarithm to base 2; arguments as for {@link #log}. */
  void log2(double[] x, double[] y, int n) {
    split(x, n);
    Arrays.fill(third, 0, n, 0);
    logarithms(first, second, third, 1, 0, LOG2E, y, n);
  }

  /** Computes the logarithm to base 10; arguments as for {@link #log}. */
  void log10(double[] x, double[] y, int n) {
    split(x, n);
    Arrays.fill(third, 0, n, 0);
    logarithms(first, second, third, LOG10_2_HIGH, LOG10_2_LOW, LOG10E, y, n);
  }

  /** Computes ln(1 + x) for finite x &gt; −1. */
  void log1p(double[] x, double[] y, int n) {
    sums(x, y, third, n);
    split(y, n);
    logarithms(first, second, third, LN2_HIGH, LN2_LOW, 1, y, n);
  }

  /** Writes u = 1 + x to y, and the rounding error of u, divided by u. */
  private static void sums(double[] x, double[] y, double[] error, int n) {
    for (int i = 0; i < n; i++) {
      double u = 1 + x[i];
      double rest = u - 1;
      error[i] = (x[i] - rest - (u - rest - 1)) / u;
      y[i] = u;
    }
  }

  /** Splits x = m · 2^k with m from √½ to √2: first becomes k + 2^52 + 1023, and second m. */
  private void split(double[] x, int n) {
    Memory.copyArray(x, bits, 8L * n);
    parts(bits, moreBits, n);
    Memory.copyArray(bits, first, 8L * n);
    Memory.copyArray(moreBits, second, 8L * n);
  }

  private static void parts(long[] x, long[] m, int n) {
    for (int i = 0; i < n; i++) {
      long above = x[i] + (ONE_BITS - SQRT_HALF_BITS);
      m[i] = (above & FRACTION) + SQRT_HALF_BITS;
      x[i] = above >>> FRACTION_BITS | WHOLE_BITS;
    }
  }

  /** Computes k · ln 2 + (ln m + add), all multiplied by a factor, which high and low include. */
  private static void logarithms(
      double[] k,
      double[] m,
      double[] add,
      double high,
      double low,
      double factor,
      double[] y,
      int n) {
    for (int i = 0; i < n; i++) {
      double e = k[i] - (WHOLE + EXPONENT_BIAS);
      double f = m[i] - 1;
      double s = f / (2 + f);
      double z = s * s;
      double p = (z * 1.479819860511658591e-01 + 1.531383769920937332e-01) * z;
      p = ((p + 1.818357216161805012e-01) * z + 2.222219843214978396e-01) * z;
      p = ((p + 2.857142874366239149e-01) * z + 3.999999999940941908e-01) * z;
      p = (p + 6.666666666666735130e-01) * z;
      double half = 0.5 * f * f;
      double log = f - (half - (s * (half + p) + add[i]));
      y[i] = e * high + (log * factor + e * low);
    }
  }

  /** Computes the sine for |x| up to 10^6. */
  void sin(double[] x, double[] y, int n) {
    quarters(x, n);
    choose(bits, moreBits, lastBits, 0, result, n);
    Memory.copyArray(result, y, 8L * n);
  }

  /** Computes the cosine for |x| up to 10^6. */
  void cos(double[] x, double[] y, int n) {
    quarters(x, n);
    choose(bits, moreBits, lastBits, 1, result, n);
    Memory.copyArray(result, y, 8L * n);
  }

  /** Computes the tangent for |x| up to 10^6. */
  void tan(double[] x, double[] y, int n) {
    quarters(x, n);
    choose(bits, moreBits, lastBits, 0, result, n);
    Memory.copyArray(result, y, 8L * n);
    choose(bits, moreBits, lastBits, 1, result, n);
    Memory.copyArray(result, first, 8L * n);
    double[] cosines = first;
    for (int i = 0; i < n; i++) {
      y[i] = y[i] / cosines[i];
    }
  }

  /**
   * Reduces x = k · π / 2 + r: bits become those of ROUND + k, moreBits those of sin r, lastBits
   * those of cos r.
   */
  private void quarters(double[] x, int n) {
    angles(x, first, second, n);
    Memory.copyArray(second, bits, 8L * n);
    waves(first, second, n);
    Memory.copyArray(first, moreBits, 8L * n);
    Memory.copyArray(second, lastBits, 8L * n);
  }

  private static void angles(double[] x, double[] r, double[] k, int n) {
    for (int i = 0; i < n; i++) {
      double shifted = x[i] * (2 / Math.PI) + ROUND;
      double whole = shifted - ROUND;
      r[i] = x[i] - whole * QUARTER_HIGH - whole * QUARTER_MIDDLE - whole * QUARTER_LOW;
      k[i] = shifted;
    }
  }

  private static void waves(double[] sine, double[] cosine, int n) {
    for (int i = 0; i < n; i++) {
      double r = sine[i];
      double z = r * r;
      double p = (z * 1.58969099521155010221e-10 - 2.50507602534068634195e-08) * z;
      p = ((p + 2.75573137070700676789e-06) * z - 1.98412698298579493134e-04) * z;
      p = (p + 8.33333333332248946124e-03) * z - 1.66666666666666324348e-01;
      double q = (z * -1.13596475577881948265e-11 + 2.08757232129817482790e-09) * z;
      q = ((q - 2.75573143513906633035e-07) * z + 2.48015872894767294178e-05) * z;
      q = (q - 1.38888888888741095749e-03) * z + 4.16666666666666019037e-02;
      sine[i] = r * (1 + z * p);
      cosine[i] = 1 - (0.5 * z - z * z * q);
    }
  }

  /** Chooses the sine of x, or its cosine (turn is 1), from those of the remainder. */
  private static void choose(long[] k, long[] sine, long[] cosine, long turn, long[] out, int n) {
    for (int i = 0; i < n; i++) {
      long quarter = k[i] + turn;
      long odd = -(quarter & 1);
      out[i] = ((cosine[i] & odd) | (sine[i] & ~odd)) ^ (quarter & 2) << 62;
    }
  }

  /** Computes the error function with a relative error of 10^-11; from |x| = 4 on as for 4. */
  void erf(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double c = Math.max(Math.min(x[i], 4), -4);
      double z = c * c;
      double p = (z * 3.0047373596255564e-09 + 7.527910435986963e-07) * z;
      p = ((p + 2.1787826326378176e-05) * z + 0.0005130480828874234) * z;
      p = ((p + 0.004962254334387689) * z + 0.05811871601519328) * z;
      p = (p + 0.2003456445244245) * z + 1.1283791670861374;
      double q = (z * 7.329869330154664e-08 + 4.519194271676178e-06) * z;
      q = ((q + 0.00011151747409231743) * z + 0.001715245238351614) * z;
      q = ((q + 0.017719153168255702) * z + 0.12180138724597397) * z;
      q = (q + 0.5108850374725499) * z + 1;
      y[i] = c * p / q;
    }
  }
}
