package dev.bellows.train.metric;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles without rounding, so that it depends neither on the order of terms nor on how
 * partial sums were merged.
 *
 * <p>The sum is a fixed-point number in units of 2⁻¹⁰⁷⁴: digit i counts 2³²ⁱ units. A term of 53
 * bits touches three digits; digits are signed, and have room for 2³⁰ terms before carries are
 * passed on. Infinite terms and NaN are counted apart. Source: Kulisch, Computer Arithmetic and
 * Validity, 2008 (the long accumulator).
 */
final class ExactSum {
  private static final int LOWEST_EXPONENT = 1074;
  private static final int DIGITS = (LOWEST_EXPONENT + 1024 + 64) / 32 + 2;
  private static final int PLUS_INFINITE = DIGITS;
  private static final int MINUS_INFINITE = DIGITS + 1;
  private static final int NOT_A_NUMBER = DIGITS + 2;
  private static final long MASK = 0xFFFF_FFFFL;
  private static final int MOST_TERMS = 1 << 30;

  /** The length of a state. */
  static final int LENGTH = DIGITS + 3;

  private final long[] state = new long[LENGTH];
  private int terms;

  void add(double term) {
    if (Double.isNaN(term)) {
      state[NOT_A_NUMBER]++;
    } else if (Double.isInfinite(term)) {
      state[term > 0 ? PLUS_INFINITE : MINUS_INFINITE]++;
    } else if (term != 0) {
      addFinite(term);
    }
  }

  /** Adds the product of two numbers without rounding, unless it is below 2⁻¹⁰²² or infinite. */
  void addProduct(double a, double b) {
    double rounded = a * b;
    add(rounded);
    if (Double.isFinite(rounded)) {
      add(Math.fma(a, b, -rounded));
    }
  }

  private void addFinite(double term) {
    if (++terms == MOST_TERMS) {
      carry();
    }
    long bits = Double.doubleToRawLongBits(term);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long mantissa = bits & (1L << 52) - 1 | (exponent == 0 ? 0 : 1L << 52);
    int position = Math.max(exponent, 1) - 1;
    int digit = position >>> 5;
    int shift = position & 31;
    long low = (mantissa & MASK) << shift;
    long high = (mantissa >>> 32 << shift) + (low >>> 32);
    long sign = bits < 0 ? -1 : 1;
    state[digit] += sign * (low & MASK);
    state[digit + 1] += sign * (high & MASK);
    state[digit + 2] += sign * (high >>> 32);
  }

  /** Makes all digits but the last one lie in [0, 2³²). */
  private void carry() {
    for (int i = 0; i < DIGITS - 1; i++) {
      state[i + 1] += state[i] >> 32;
      state[i] &= MASK;
    }
    terms = 0;
  }

  long[] state() {
    carry();
    return state.clone();
  }

  /** Adds the digits and counts of another sum, which begin at a place of an array. */
  void merge(long[] other, int from) {
    carry();
    for (int i = 0; i < LENGTH; i++) {
      state[i] += other[from + i];
    }
    carry();
  }

  void reset() {
    Arrays.fill(state, 0);
    terms = 0;
  }

  /** Returns whether all terms were finite. */
  boolean isFinite() {
    return state[NOT_A_NUMBER] + state[PLUS_INFINITE] + state[MINUS_INFINITE] == 0;
  }

  /** Returns the sum of the finite terms. */
  BigDecimal exact() {
    carry();
    BigInteger units = BigInteger.ZERO;
    for (int i = DIGITS - 1; i >= 0; i--) {
      units = units.shiftLeft(32).add(BigInteger.valueOf(state[i]));
    }
    int zeros = units.signum() == 0 ? 0 : Math.min(LOWEST_EXPONENT, units.getLowestSetBit());
    int scale = LOWEST_EXPONENT - zeros; // units · 2⁻ˢ = units · 5ˢ · 10⁻ˢ
    return new BigDecimal(
        units.shiftRight(zeros).multiply(BigInteger.valueOf(5).pow(scale)), scale);
  }

  /** Returns the sum, rounded once. */
  double value() {
    boolean plus = state[PLUS_INFINITE] > 0;
    boolean minus = state[MINUS_INFINITE] > 0;
    if (state[NOT_A_NUMBER] > 0 || plus && minus) {
      return Double.NaN;
    }
    return plus
        ? Double.POSITIVE_INFINITY
        : minus ? Double.NEGATIVE_INFINITY : exact().doubleValue();
  }
}
