package dev.bellows.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * exp, log and tanh in float: polynomials of the Cephes library (S. Moshier) after the usual
 * argument reduction. Each exists in a vector form, which changes the vector at a place of an
 * array, and a scalar form with the same operations in the same order, all exactly rounded, so that
 * both give the same bits. Errors are below two units in the last place.
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

  // Constants are vectors, and no vector is an argument or a result: C2 stops inlining methods that
  // are not the Vector API's own when a compilation has made 18000 nodes (NodeCountInliningCutoff,
  // some 40 operations), and a vector that passes a call is boxed, which takes ten times as long as
  // the whole loop.
  private static final FloatVector V_ONE = all(1f);
  private static final FloatVector V_LOG2E = all(LOG2E);
  private static final FloatVector V_LN2_HIGH = all(LN2_HIGH);
  private static final FloatVector V_LN2_LOW = all(LN2_LOW);
  private static final FloatVector V_ROUND = all(ROUND);
  private static final IntVector V_ROUND_BITS = all(ROUND_BITS);
  private static final IntVector V_BIAS = all(127);
  private static final FloatVector V_EXP_MOST = all(EXP_MOST);
  private static final FloatVector V_EXP_LEAST = all(EXP_LEAST);
  private static final FloatVector V_E5 = all(E5);
  private static final FloatVector V_E4 = all(E4);
  private static final FloatVector V_E3 = all(E3);
  private static final FloatVector V_E2 = all(E2);
  private static final FloatVector V_E1 = all(E1);
  private static final FloatVector V_E0 = all(E0);
  private static final FloatVector V_ZERO = all(0f);
  private static final FloatVector V_HALF = all(0.5f);
  private static final FloatVector V_TWO = all(2f);
  private static final FloatVector V_NAN = all(Float.NaN);
  private static final FloatVector V_INFINITY = all(Float.POSITIVE_INFINITY);
  private static final FloatVector V_LOWEST = all(Float.NEGATIVE_INFINITY);
  private static final FloatVector V_LEAST = all(Float.MIN_NORMAL);
  private static final FloatVector V_SCALE = all(0x1p23f);
  private static final FloatVector V_SCALED = all(23f);
  private static final FloatVector V_BIASED = all(ROUND + 126f);
  private static final IntVector V_FRACTION = all(0x7FFFFF);
  private static final IntVector V_HALF_BITS = all(0x3F000000);
  private static final FloatVector V_SQRT_HALF = all(SQRT_HALF);
  private static final FloatVector V_L8 = all(L8);
  private static final FloatVector V_L7 = all(L7);
  private static final FloatVector V_L6 = all(L6);
  private static final FloatVector V_L5 = all(L5);
  private static final FloatVector V_L4 = all(L4);
  private static final FloatVector V_L3 = all(L3);
  private static final FloatVector V_L2 = all(L2);
  private static final FloatVector V_L1 = all(L1);
  private static final FloatVector V_L0 = all(L0);
  private static final FloatVector V_T4 = all(T4);
  private static final FloatVector V_T3 = all(T3);
  private static final FloatVector V_T2 = all(T2);
  private static final FloatVector V_T1 = all(T1);
  private static final FloatVector V_T0 = all(T0);
  private static final FloatVector V_TANH_SMALL = all(TANH_SMALL);

  private Approx() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(Lanes.F, value);
  }

  private static IntVector all(int value) {
    return (IntVector) all(0f).reinterpretAsInts().broadcast(value);
  }

  static void exp(float[] x, int at) {
    FloatVector c = FloatVector.fromArray(Lanes.F, x, at).min(V_EXP_MOST).max(V_EXP_LEAST);
    FloatVector shifted = c.mul(V_LOG2E).add(V_ROUND);
    FloatVector n = shifted.sub(V_ROUND);
    FloatVector r = c.sub(n.mul(V_LN2_HIGH)).sub(n.mul(V_LN2_LOW));
    FloatVector y = r.mul(V_E5).add(V_E4).mul(r).add(V_E3).mul(r).add(V_E2).mul(r).add(V_E1);
    y = y.mul(r).add(V_E0).mul(r.mul(r)).add(r).add(V_ONE);
    // Two factors 2^(n/2) are used, since 2^n itself may overflow.
    IntVector whole = shifted.reinterpretAsInts().sub(V_ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    FloatVector first = half.add(V_BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    IntVector rest = whole.sub(half).add(V_BIAS);
    y = y.mul(first).mul(rest.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    y.intoArray(x, at);
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

  static void log(float[] values, int at) {
    FloatVector x = FloatVector.fromArray(Lanes.F, values, at);
    FloatVector edges = logEdges(x);
    // Subnormal numbers are scaled up first.
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, V_LEAST);
    IntVector bits = x.blend(x.mul(V_SCALE), tiny).reinterpretAsInts();
    IntVector power = bits.lanewise(VectorOperators.LSHR, 23).or(V_ROUND_BITS);
    FloatVector e = power.reinterpretAsFloats().sub(V_BIASED);
    e = e.blend(e.sub(V_SCALED), tiny);
    FloatVector m = bits.and(V_FRACTION).or(V_HALF_BITS).reinterpretAsFloats();
    VectorMask<Float> low = m.compare(VectorOperators.LT, V_SQRT_HALF);
    e = e.blend(e.sub(V_ONE), low);
    m = m.blend(m.add(m), low).sub(V_ONE);
    FloatVector z = m.mul(m);
    FloatVector y = m.mul(V_L8).add(V_L7).mul(m).add(V_L6).mul(m).add(V_L5).mul(m).add(V_L4);
    y = y.mul(m).add(V_L3).mul(m).add(V_L2).mul(m).add(V_L1).mul(m).add(V_L0).mul(m).mul(z);
    y = y.add(e.mul(V_LN2_LOW)).sub(z.mul(V_HALF));
    y = m.add(y).add(e.mul(V_LN2_HIGH));
    y.blend(edges, edges.compare(VectorOperators.NE, V_ZERO)).intoArray(values, at);
  }

  /** Returns the logarithm of what is no finite positive number, and 0 for other lanes. */
  private static FloatVector logEdges(FloatVector x) {
    FloatVector edges = x.blend(V_ZERO, x.compare(VectorOperators.LT, V_INFINITY));
    edges = edges.blend(V_LOWEST, x.compare(VectorOperators.EQ, V_ZERO));
    return edges.blend(V_NAN, x.compare(VectorOperators.LT, V_ZERO));
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

  /** Computes tanh(x), given exp(2 |x|). */
  static void tanh(float[] values, float[] exp, int at) {
    FloatVector x = FloatVector.fromArray(Lanes.F, values, at);
    FloatVector large = FloatVector.fromArray(Lanes.F, exp, at).add(V_ONE);
    large = V_ONE.sub(V_TWO.div(large));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, V_ZERO));
    FloatVector z = x.mul(x);
    FloatVector small = z.mul(V_T4).add(V_T3).mul(z).add(V_T2).mul(z).add(V_T1).mul(z).add(V_T0);
    small = small.mul(z).mul(x).add(x);
    large = large.blend(small, x.abs().compare(VectorOperators.LT, V_TANH_SMALL));
    large.intoArray(values, at);
  }

  static float tanh(float x, float exp) {
    if (Math.abs(x) < TANH_SMALL) {
      float z = x * x;
      float small = (((z * T4 + T3) * z + T2) * z + T1) * z + T0;
      return small * z * x + x;
    }
    float large = 1f - 2f / (exp + 1f);
    return x < 0f ? -large : large;
  }
}
