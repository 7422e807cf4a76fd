package dev.bellows.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * exp, log, tanh and the logistic function in float: polynomials of the Cephes library (S. Moshier)
 * after the usual argument reduction. Each exists in a vector and a scalar form with the same
 * operations in the same order, all exactly rounded, so that both give the same bits. Errors are
 * below two units in the last place.
 */
final class Approx {
  private static final float LOG2E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  /** Adding 1.5 · 2^23 rounds to an integer, which is then in the low bits. */
  private static final float ROUND = 12582912f;

  private static final int ROUND_BITS = 0x4B400000;
  private static final float EXP_MOST = 89f;
  private static final float EXP_LEAST = -104f;
  private static final float E5 = 1.9875691500e-4f;
  private static final float E4 = 1.3981999507e-3f;
  private static final float E3 = 8.3334519073e-3f;
  private static final float E2 = 4.1665795894e-2f;
  private static final float E1 = 1.6666665459e-1f;
  private static final float E0 = 5.0000001201e-1f;

  private static final float SQRT_HALF = 0.70710678f;
  private static final float L8 = 7.0376836292e-2f;
  private static final float L7 = -1.1514610310e-1f;
  private static final float L6 = 1.1676998740e-1f;
  private static final float L5 = -1.2420140846e-1f;
  private static final float L4 = 1.4249322787e-1f;
  private static final float L3 = -1.6668057665e-1f;
  private static final float L2 = 2.0000714765e-1f;
  private static final float L1 = -2.4999993993e-1f;
  private static final float L0 = 3.3333331174e-1f;

  private static final float TANH_SMALL = 0.625f;
  private static final float T4 = -5.70498872745e-3f;
  private static final float T3 = 2.06390887954e-2f;
  private static final float T2 = -5.37397155531e-2f;
  private static final float T1 = 1.33314422036e-1f;
  private static final float T0 = -3.33332819422e-1f;

  private Approx() {}

  static FloatVector exp(FloatVector x) {
    FloatVector c = x.min(EXP_MOST).max(EXP_LEAST);
    FloatVector shifted = c.mul(LOG2E).add(ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = c.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
    FloatVector y = r.mul(E5).add(E4).mul(r).add(E3).mul(r).add(E2).mul(r).add(E1).mul(r).add(E0);
    y = y.mul(r.mul(r)).add(r).add(1f);
    // Two factors 2^(n/2) are used, since 2^n itself may overflow.
    IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    return y.mul(power(half)).mul(power(whole.sub(half)));
  }

  private static FloatVector power(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  static float exp(float x) {
    float c = Math.max(Math.min(x, EXP_MOST), EXP_LEAST);
    float shifted = c * LOG2E + ROUND;
    float n = shifted - ROUND;
    float r = c - n * LN2_HIGH - n * LN2_LOW;
    float y = ((((r * E5 + E4) * r + E3) * r + E2) * r + E1) * r + E0;
    y = y * (r * r) + r + 1f;
    int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = whole >> 1;
    return y * power(half) * power(whole - half);
  }

  private static float power(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  static FloatVector log(FloatVector x) {
    // Subnormal numbers are scaled up first.
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector scaled = x.blend(x.mul(0x1p23f), tiny);
    IntVector bits = scaled.reinterpretAsInts();
    IntVector power =
        bits.lanewise(VectorOperators.LSHR, 23).lanewise(VectorOperators.OR, ROUND_BITS);
    FloatVector e = power.reinterpretAsFloats().sub(ROUND + 126f);
    e = e.blend(e.sub(23f), tiny);
    FloatVector m =
        bits.and(0x7FFFFF).lanewise(VectorOperators.OR, 0x3F000000).reinterpretAsFloats();
    VectorMask<Float> low = m.compare(VectorOperators.LT, SQRT_HALF);
    e = e.blend(e.sub(1f), low);
    m = m.blend(m.add(m), low).sub(1f);
    return logEdges(x, logSeries(m, e));
  }

  private static FloatVector logSeries(FloatVector m, FloatVector e) {
    FloatVector z = m.mul(m);
    FloatVector y = m.mul(L8).add(L7).mul(m).add(L6).mul(m).add(L5).mul(m).add(L4).mul(m).add(L3);
    y = y.mul(m).add(L2).mul(m).add(L1).mul(m).add(L0).mul(m).mul(z);
    y = y.add(e.mul(LN2_LOW)).sub(z.mul(0.5f));
    return m.add(y).add(e.mul(LN2_HIGH));
  }

  private static FloatVector logEdges(FloatVector x, FloatVector y) {
    FloatVector result = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    result = result.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    result = result.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
    return result.blend(x, x.compare(VectorOperators.NE, x));
  }

  static float log(float x) {
    if (x != x || x == Float.POSITIVE_INFINITY) {
      return x;
    }
    if (x <= 0f) {
      return x < 0f ? Float.NaN : Float.NEGATIVE_INFINITY;
    }
    boolean tiny = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(tiny ? x * 0x1p23f : x);
    float e = Float.intBitsToFloat((bits >>> 23) | ROUND_BITS) - (ROUND + 126f);
    e = tiny ? e - 23f : e;
    float m = Float.intBitsToFloat((bits & 0x7FFFFF) | 0x3F000000);
    boolean low = m < SQRT_HALF;
    e = low ? e - 1f : e;
    m = (low ? m + m : m) - 1f;
    float z = m * m;
    float y = ((((m * L8 + L7) * m + L6) * m + L5) * m + L4) * m + L3;
    y = (((y * m + L2) * m + L1) * m + L0) * m * z;
    y = y + e * LN2_LOW - z * 0.5f;
    return m + y + e * LN2_HIGH;
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector large = exp(a.add(a)).add(1f);
    large = FloatVector.broadcast(Lanes.F, 1f).sub(FloatVector.broadcast(Lanes.F, 2f).div(large));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
    FloatVector z = x.mul(x);
    FloatVector small = z.mul(T4).add(T3).mul(z).add(T2).mul(z).add(T1).mul(z).add(T0);
    small = small.mul(z).mul(x).add(x);
    return large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
  }

  static float tanh(float x) {
    float a = Math.abs(x);
    if (a < TANH_SMALL) {
      float z = x * x;
      float small = (((z * T4 + T3) * z + T2) * z + T1) * z + T0;
      return small * z * x + x;
    }
    float large = 1f - 2f / (exp(a + a) + 1f);
    return x < 0f ? -large : large;
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
    return one.div(exp(x.neg()).add(1f));
  }

  static float sigmoid(float x) {
    return 1f / (exp(-x) + 1f);
  }
}
