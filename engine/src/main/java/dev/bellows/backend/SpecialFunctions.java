package dev.bellows.backend;

import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Functions that Java's library lacks or defines differently, accurate to a few units in the last
 * place.
 */
final class SpecialFunctions {
  /** Argument from which five terms of the asymptotic series are accurate to double precision. */
  private static final double SERIES_FROM = 16;

  /** (2k)! / B₂ₖ of Bernoulli's numbers, from k = 1. */
  private static final double[] ZETA_TERMS = {
    12, -720, 30240, -1209600, 47900160, -1.8924375803183791606e9, 7.47242496e10
  };

  private static final double LN_2 = 0.6931471805599453;
  private static final double LOG2_E = 1.4426950408889634;

  private SpecialFunctions() {}

  /** Clears the sign bit, of NaN too; interpreted Math.abs keeps the sign of NaN. */
  static double abs(double x) {
    return copySign(x, 1);
  }

  /** Copies the sign bit, of NaN too, which StrictMath treats as positive. */
  static double copySign(double x, double y) {
    long sign = Double.doubleToRawLongBits(y) & Long.MIN_VALUE;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & Long.MAX_VALUE | sign);
  }

  /**
   * Rounds to the nearest integer, ties to even, and keeps the sign of NaN, which interpreted
   * Math.rint loses.
   */
  static double rint(double x) {
    return Double.isNaN(x) ? x : Math.rint(x);
  }

  static double trunc(double x) {
    return Math.copySign(Math.floor(Math.abs(x)), x);
  }

  /**
   * Computes the power as IEEE 754 defines it: unlike in Java, 1 to any power is 1, and so is −1 to
   * an infinite power.
   */
  static double pow(double x, double y) {
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1;
    }
    return StrictMath.pow(x, y);
  }

  /**
   * Computes the power by squaring; a negative exponent gives 0 except for the bases 1 and −1, as
   * in PyTorch.
   */
  static long pow(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long square = base;
    for (long bits = exponent; bits != 0; bits >>>= 1) {
      if ((bits & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  static double remainder(double x, double y) {
    double rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
  }

  /**
   * Divides as Python does: the quotient without the remainder, rounded to the nearest integer to
   * remove rounding error.
   */
  static double floorDivide(double x, double y) {
    if (y == 0) {
      return x / y;
    }
    double rest = x % y;
    double quotient = (x - rest) / y;
    if (rest != 0 && (y < 0) != (rest < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0, x / y);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  static long greatestCommonDivisor(long x, long y) {
    long a = Math.abs(x);
    long b = Math.abs(y);
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  static long leastCommonMultiple(long x, long y) {
    long common = greatestCommonDivisor(x, y);
    return common == 0 ? 0 : Math.abs(x / common * y);
  }

  /** Computes log2 x, exactly for powers of two. */
  static double log2(double x) {
    if (!(x > 0) || Double.isInfinite(x)) {
      return StrictMath.log(x);
    }
    int exponent = x < Double.MIN_NORMAL ? Math.getExponent(x * 0x1p54) - 54 : Math.getExponent(x);
    double mantissa = Math.scalb(Math.scalb(x, -exponent / 2), -(exponent - exponent / 2));
    return mantissa > 1.4142135623730951
        ? exponent + 1 + StrictMath.log(mantissa / 2) * LOG2_E
        : exponent + StrictMath.log(mantissa) * LOG2_E;
  }

  static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e150
            ? StrictMath.log(a) + LN_2
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
    return Math.copySign(y, x);
  }

  static double acosh(double x) {
    if (x > 1e150) {
      return StrictMath.log(x) + LN_2;
    }
    double over = x - 1;
    return StrictMath.log1p(over + Math.sqrt(2 * over + over * over));
  }

  static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(StrictMath.log1p(2 * a / (1 - a)) / 2, x);
  }

  static double logAddExp(double x, double y) {
    if (Double.isInfinite(x) && x == y) {
      return x;
    }
    return Math.max(x, y) + StrictMath.log1p(StrictMath.exp(-Math.abs(x - y)));
  }

  static double logAddExp2(double x, double y) {
    if (Double.isInfinite(x) && x == y) {
      return x;
    }
    return Math.max(x, y) + StrictMath.log1p(StrictMath.pow(2, -Math.abs(x - y))) * LOG2_E;
  }

  /** Computes ln |Γ(x)|, by reflection if x is negative; infinity at the poles. */
  static double lgamma(double x) {
    if (Double.isInfinite(x) || (x <= 0 && x == Math.floor(x))) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < 0) {
      return StrictMath.log(Math.PI / Math.abs(sinPi(x))) - LogGamma.value(1 - x);
    }
    return LogGamma.value(x);
  }

  /**
   * Computes the derivative of ln Γ, by reflection if x is negative; NaN at the poles except ±0.
   * Source: recurrence and asymptotic series, Abramowitz and Stegun 6.3.5 to 6.3.18.
   */
  static double digamma(double x) {
    if (x == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    if (x < 0) {
      return x == Math.floor(x) ? Double.NaN : digamma(1 - x) - Math.PI * sinPi(x + 0.5) / sinPi(x);
    }
    double sum = 0;
    double at = x;
    for (; at < SERIES_FROM; at++) {
      sum -= 1 / at;
    }
    double w = 1 / (at * at);
    double series =
        w * (1 / 12.0 - w * (1 / 120.0 - w * (1 / 252.0 - w * (1 / 240.0 - w * (1 / 132.0)))));
    return sum + StrictMath.log(at) - 0.5 / at - series;
  }

  /** Computes the derivative of the digamma function. Source: the same, 6.4.6 to 6.4.12. */
  private static double trigamma(double x) {
    if (x < 0.5) {
      double sine = sinPi(x);
      return Math.PI * Math.PI / (sine * sine) - trigamma(1 - x);
    }
    double sum = 0;
    double at = x;
    for (; at < SERIES_FROM; at++) {
      sum += 1 / (at * at);
    }
    double w = 1 / (at * at);
    double series = 1 / 6.0 - w * (1 / 30.0 - w * (1 / 42.0 - w * (1 / 30.0 - w * (5 / 66.0))));
    return sum + (1 + 0.5 / at + w * series) / at;
  }

  /** Computes the derivative of order n of the digamma function: ±n!·ζ(n + 1, x). */
  static double polygamma(double x, double n) {
    if (n < 2) {
      return n == 0 ? digamma(x) : trigamma(x);
    }
    double factorial = 1;
    for (int k = 2; k <= n && factorial < Double.POSITIVE_INFINITY; k++) {
      factorial *= k;
    }
    return (n % 2 == 0 ? -1 : 1) * factorial * zeta(n + 1, x);
  }

  /**
   * Computes Hurwitz's zeta function Σ (q + k)⁻ˢ for an integer s &gt; 2; infinity at the poles q =
   * 0, −1, −2 … For negative q, the terms below 0 are those from its fraction up to |q|.
   */
  private static double zeta(double s, double q) {
    if (q <= 0 && q == Math.floor(q)) {
      return Double.POSITIVE_INFINITY;
    }
    if (q < 0) {
      double fraction = -q - Math.floor(-q);
      double below = zetaOfPositive(s, fraction) - zetaOfPositive(s, 1 - q);
      return zetaOfPositive(s, 1 - fraction) + (s % 2 == 0 ? below : -below);
    }
    return zetaOfPositive(s, q);
  }

  /** Adds the first terms from q on, and the rest by the Euler-Maclaurin formula. */
  private static double zetaOfPositive(double s, double q) {
    double sum = 0;
    double at = q;
    for (; at < SERIES_FROM; at++) {
      sum += StrictMath.pow(at, -s);
    }
    double power = StrictMath.pow(at, -s);
    sum += at * power / (s - 1) + power / 2;
    double factor = s;
    for (int k = 0; k < ZETA_TERMS.length; k++) {
      power /= at;
      sum += factor * power / ZETA_TERMS[k];
      factor *= (s + 2 * k + 1) * (s + 2 * k + 2);
      power /= at;
    }
    return sum;
  }

  /** Computes sin πx without the rounding error of π·x. */
  private static double sinPi(double x) {
    double turn = x - 2 * Math.floor(x / 2);
    return turn <= 0.5
        ? StrictMath.sin(Math.PI * turn)
        : turn <= 1.5 ? StrictMath.sin(Math.PI * (1 - turn)) : StrictMath.sin(Math.PI * (turn - 2));
  }
}
