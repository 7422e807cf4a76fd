package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.ops.Accepted;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Numbers;
import dev.bellows.ops.Overwriting;
import dev.bellows.ops.Pointwise;
import dev.bellows.ops.RoundingMode;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Functions of corresponding elements: arithmetic, comparisons, and what changes elements in place.
 */
abstract sealed class TensorMath extends TensorViews permits TensorReductions {
  private Tensor self() {
    return (Tensor) this;
  }

  /** this + other. */
  public final Tensor add(Tensor other) {
    return Pointwise.ADD.of(self(), other);
  }

  /** this + other. */
  public final Tensor add(Number other) {
    return Pointwise.ADD.of(self(), other);
  }

  /**
   * this + alpha · other.
   *
   * @throws IllegalArgumentException if alpha is a fraction and the result is of whole numbers
   */
  public final Tensor add(Tensor other, Number alpha) {
    return Numbers.add(self(), other, alpha);
  }

  /**
   * this − other.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public final Tensor sub(Tensor other) {
    return Pointwise.SUB.of(self(), other);
  }

  /** this − alpha · other; see {@link #sub(Tensor)} and {@link #add(Tensor, Number)}. */
  public final Tensor sub(Tensor other, Number alpha) {
    return Numbers.sub(self(), other, alpha);
  }

  /** this − other. */
  public final Tensor sub(Number other) {
    return Pointwise.SUB.of(self(), other);
  }

  /** other − this. */
  public final Tensor rsub(Number other) {
    return Numbers.rsub(self(), other);
  }

  /** this · other. */
  public final Tensor mul(Tensor other) {
    return Pointwise.MUL.of(self(), other);
  }

  /** this · other. */
  public final Tensor mul(Number other) {
    return Pointwise.MUL.of(self(), other);
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(Tensor other) {
    return Pointwise.DIV.of(self(), other);
  }

  /** this / other; integers are divided as FLOAT32. */
  public final Tensor div(Number other) {
    return Pointwise.DIV.of(self(), other);
  }

  /** this / other, rounded; integers stay integers. Gradients are 0. */
  public final Tensor div(Tensor other, RoundingMode rounding) {
    return Numbers.div(self(), other, rounding);
  }

  /** this / other, rounded; integers stay integers. The gradient is 0. */
  public final Tensor div(Number other, RoundingMode rounding) {
    return Numbers.div(self(), other, rounding);
  }

  /** this to the power of other. */
  public final Tensor pow(Tensor other) {
    return Pointwise.POW.of(self(), other);
  }

  /**
   * this to the power of other.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative one
   */
  public final Tensor pow(Number other) {
    return Numbers.pow(self(), other);
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(Tensor other) {
    return Pointwise.MAXIMUM.of(self(), other);
  }

  /** The larger of each two elements; NaN if either is. */
  public final Tensor maximum(Number other) {
    return Pointwise.MAXIMUM.of(self(), other);
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(Tensor other) {
    return Pointwise.MINIMUM.of(self(), other);
  }

  /** The smaller of each two elements; NaN if either is. */
  public final Tensor minimum(Number other) {
    return Pointwise.MINIMUM.of(self(), other);
  }

  /** −this. */
  public final Tensor neg() {
    return Pointwise.NEG.of(self());
  }

  /** |this|. */
  public final Tensor abs() {
    return Pointwise.ABS.of(self());
  }

  /** −1, 0 or 1. */
  public final Tensor sign() {
    return Pointwise.SIGN.of(self());
  }

  /** e to the power of this. */
  public final Tensor exp() {
    return Pointwise.EXP.of(self());
  }

  /** Natural logarithm. */
  public final Tensor log() {
    return Pointwise.LOG.of(self());
  }

  /** Square root. */
  public final Tensor sqrt() {
    return Pointwise.SQRT.of(self());
  }

  /** 1 / this. */
  public final Tensor reciprocal() {
    return Pointwise.RECIPROCAL.of(self());
  }

  /** Hyperbolic tangent. */
  public final Tensor tanh() {
    return Pointwise.TANH.of(self());
  }

  /** 1 / (1 + e⁻ˣ). */
  public final Tensor sigmoid() {
    return Pointwise.SIGMOID.of(self());
  }

  /** Sine. */
  public final Tensor sin() {
    return Pointwise.SIN.of(self());
  }

  /** Cosine. */
  public final Tensor cos() {
    return Pointwise.COS.of(self());
  }

  /** max(this, 0). */
  public final Tensor relu() {
    return Pointwise.RELU.of(self());
  }

  /** The next whole number at or below. */
  public final Tensor floor() {
    return Pointwise.FLOOR.of(self());
  }

  /** The next whole number at or above. */
  public final Tensor ceil() {
    return Pointwise.CEIL.of(self());
  }

  /** The nearest whole number, the even one of two. */
  public final Tensor round() {
    return Pointwise.ROUND.of(self());
  }

  /** The next whole number towards 0. */
  public final Tensor trunc() {
    return Pointwise.TRUNC.of(self());
  }

  /** 1 / √this. */
  public final Tensor rsqrt() {
    return Pointwise.RSQRT.of(self());
  }

  /** 2 to the power of this. */
  public final Tensor exp2() {
    return Pointwise.EXP2.of(self());
  }

  /** e to the power of this, less 1; exact near 0. */
  public final Tensor expm1() {
    return Pointwise.EXPM1.of(self());
  }

  /** Logarithm to base 2. */
  public final Tensor log2() {
    return Pointwise.LOG2.of(self());
  }

  /** Logarithm to base 10. */
  public final Tensor log10() {
    return Pointwise.LOG10.of(self());
  }

  /** ln(1 + this); exact near 0. */
  public final Tensor log1p() {
    return Pointwise.LOG1P.of(self());
  }

  /** Tangent. */
  public final Tensor tan() {
    return Pointwise.TAN.of(self());
  }

  /** Inverse sine. */
  public final Tensor asin() {
    return Pointwise.ASIN.of(self());
  }

  /** Inverse cosine. */
  public final Tensor acos() {
    return Pointwise.ACOS.of(self());
  }

  /** Inverse tangent. */
  public final Tensor atan() {
    return Pointwise.ATAN.of(self());
  }

  /** Hyperbolic sine. */
  public final Tensor sinh() {
    return Pointwise.SINH.of(self());
  }

  /** Hyperbolic cosine. */
  public final Tensor cosh() {
    return Pointwise.COSH.of(self());
  }

  /** Inverse hyperbolic sine. */
  public final Tensor asinh() {
    return Pointwise.ASINH.of(self());
  }

  /** Inverse hyperbolic cosine. */
  public final Tensor acosh() {
    return Pointwise.ACOSH.of(self());
  }

  /** Inverse hyperbolic tangent. */
  public final Tensor atanh() {
    return Pointwise.ATANH.of(self());
  }

  /** Error function. */
  public final Tensor erf() {
    return Pointwise.ERF.of(self());
  }

  /** 1 − erf(this), exact where that is small. */
  public final Tensor erfc() {
    return Pointwise.ERFC.of(self());
  }

  /** Inverse of the error function. */
  public final Tensor erfinv() {
    return Pointwise.ERFINV.of(self());
  }

  /** Logarithm of the absolute value of the gamma function. */
  public final Tensor lgamma() {
    return Pointwise.LGAMMA.of(self());
  }

  /** Derivative of {@link #lgamma}. */
  public final Tensor digamma() {
    return Pointwise.DIGAMMA.of(self());
  }

  /**
   * Derivative of order n of {@link #digamma}.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public final Tensor polygamma(int n) {
    return Numbers.polygamma(self(), n);
  }

  /** Not, of the bits of integers, or of BOOL. */
  public final Tensor bitwiseNot() {
    return Pointwise.BITWISE_NOT.of(self());
  }

  /** this / other rounded down. No gradient. */
  public final Tensor floorDivide(Tensor other) {
    return Pointwise.FLOOR_DIVIDE.of(self(), other);
  }

  /** this / other rounded down. No gradient. */
  public final Tensor floorDivide(Number other) {
    return Pointwise.FLOOR_DIVIDE.of(self(), other);
  }

  /** The remainder of this / other rounded to 0: it has the sign of this. */
  public final Tensor fmod(Tensor other) {
    return Pointwise.FMOD.of(self(), other);
  }

  /** The remainder of this / other rounded to 0: it has the sign of this. */
  public final Tensor fmod(Number other) {
    return Pointwise.FMOD.of(self(), other);
  }

  /** The remainder of this / other rounded down: it has the sign of other, as in Python. */
  public final Tensor remainder(Tensor other) {
    return Pointwise.REMAINDER.of(self(), other);
  }

  /** The remainder of this / other rounded down: it has the sign of other, as in Python. */
  public final Tensor remainder(Number other) {
    return Pointwise.REMAINDER.of(self(), other);
  }

  /** The angle of the point (other, this), from −π to π. */
  public final Tensor atan2(Tensor other) {
    return Pointwise.ATAN2.of(self(), other);
  }

  /** √(this² + other²). */
  public final Tensor hypot(Tensor other) {
    return Pointwise.HYPOT.of(self(), other);
  }

  /** |this| with the sign of other. */
  public final Tensor copysign(Tensor other) {
    return Pointwise.COPYSIGN.of(self(), other);
  }

  /** |this| with the sign of other. */
  public final Tensor copysign(Number other) {
    return Pointwise.COPYSIGN.of(self(), other);
  }

  /** The larger of each two elements; the number if one is NaN. */
  public final Tensor fmax(Tensor other) {
    return Pointwise.FMAX.of(self(), other);
  }

  /** The smaller of each two elements; the number if one is NaN. */
  public final Tensor fmin(Tensor other) {
    return Pointwise.FMIN.of(self(), other);
  }

  /** this · ln other, and 0 where this is 0. */
  public final Tensor xlogy(Tensor other) {
    return Pointwise.XLOGY.of(self(), other);
  }

  /** this · ln other, and 0 where this is 0. */
  public final Tensor xlogy(Number other) {
    return Pointwise.XLOGY.of(self(), other);
  }

  /** ln(e to the power of this + e to the power of other), without overflow. */
  public final Tensor logAddExp(Tensor other) {
    return Pointwise.LOG_ADD_EXP.of(self(), other);
  }

  /** log₂(2 to the power of this + 2 to the power of other), without overflow. */
  public final Tensor logAddExp2(Tensor other) {
    return Pointwise.LOG_ADD_EXP2.of(self(), other);
  }

  /** 0, other or 1 where this is negative, 0 or positive. No gradient. */
  public final Tensor heaviside(Tensor other) {
    return Pointwise.HEAVISIDE.of(self(), other);
  }

  /** And of the bits of integers, or of BOOL. */
  public final Tensor bitwiseAnd(Tensor other) {
    return Pointwise.BITWISE_AND.of(self(), other);
  }

  /** And of the bits of integers, or of BOOL. */
  public final Tensor bitwiseAnd(Number other) {
    return Pointwise.BITWISE_AND.of(self(), other);
  }

  /** Or of the bits of integers, or of BOOL. */
  public final Tensor bitwiseOr(Tensor other) {
    return Pointwise.BITWISE_OR.of(self(), other);
  }

  /** Or of the bits of integers, or of BOOL. */
  public final Tensor bitwiseOr(Number other) {
    return Pointwise.BITWISE_OR.of(self(), other);
  }

  /** Exclusive or of the bits of integers, or of BOOL. */
  public final Tensor bitwiseXor(Tensor other) {
    return Pointwise.BITWISE_XOR.of(self(), other);
  }

  /** Exclusive or of the bits of integers, or of BOOL. */
  public final Tensor bitwiseXor(Number other) {
    return Pointwise.BITWISE_XOR.of(self(), other);
  }

  /** Integers shifted left by other bits. */
  public final Tensor bitwiseLeftShift(Tensor other) {
    return Pointwise.SHIFT_LEFT.of(self(), other);
  }

  /** Integers shifted left by other bits. */
  public final Tensor bitwiseLeftShift(Number other) {
    return Pointwise.SHIFT_LEFT.of(self(), other);
  }

  /** Integers shifted right by other bits, the sign kept. */
  public final Tensor bitwiseRightShift(Tensor other) {
    return Pointwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Integers shifted right by other bits, the sign kept. */
  public final Tensor bitwiseRightShift(Number other) {
    return Pointwise.SHIFT_RIGHT.of(self(), other);
  }

  /** Greatest common divisor of integers. */
  public final Tensor gcd(Tensor other) {
    return Pointwise.GCD.of(self(), other);
  }

  /** Least common multiple of integers. */
  public final Tensor lcm(Tensor other) {
    return Pointwise.LCM.of(self(), other);
  }

  /** this · this; of BOOL in INT64. */
  public final Tensor square() {
    Tensor x = self().dtype() == DType.BOOL ? self().to(DType.INT64) : self();
    return x.mul(x);
  }

  /** The part behind the point, with the sign of this. */
  public final Tensor frac() {
    Accepted.check("frac", self().dtype());
    return sub(trunc());
  }

  /** Rounded to a number of decimals, which may be negative. */
  public final Tensor round(int decimals) {
    return Numbers.round(self(), decimals);
  }

  /** Degrees to radians. */
  public final Tensor deg2rad() {
    return mul(Math.PI / 180);
  }

  /** Radians to degrees. */
  public final Tensor rad2deg() {
    return mul(180 / Math.PI);
  }

  /** ln(this / (1 − this)). */
  public final Tensor logit() {
    return Numbers.logit(self(), null);
  }

  /** {@link #logit()} of this brought within [eps, 1 − eps]. */
  public final Tensor logit(double eps) {
    return Numbers.logit(self(), eps);
  }

  /** sin(π · this) / (π · this), 1 at 0. */
  public final Tensor sinc() {
    return Numbers.sinc(self());
  }

  /**
   * Brought within [min, max], either of which may be null; max where min is larger.
   *
   * @throws IllegalArgumentException if both are null
   */
  public final Tensor clamp(Number min, Number max) {
    return Numbers.clamp(self(), min, max);
  }

  /** Brought within [min, max], broadcast, either of which may be null; max where min is larger. */
  public final Tensor clamp(Tensor min, Tensor max) {
    return Numbers.clamp(self(), min, max);
  }

  /** At least min. */
  public final Tensor clampMin(Number min) {
    return clamp(min, null);
  }

  /** At most max. */
  public final Tensor clampMax(Number max) {
    return clamp(null, max);
  }

  /** this + weight · (end − this). */
  public final Tensor lerp(Tensor end, Number weight) {
    return Numbers.lerp(self(), end, weight);
  }

  /** this + weight · (end − this). */
  public final Tensor lerp(Tensor end, Tensor weight) {
    return Numbers.lerp(self(), end, weight);
  }

  /** this + value · a · b. */
  public final Tensor addcmul(Tensor a, Tensor b, Number value) {
    return Numbers.addcmul(self(), a, b, value);
  }

  /**
   * this + value · a / b.
   *
   * @throws IllegalArgumentException if a and b are integers
   */
  public final Tensor addcdiv(Tensor a, Tensor b, Number value) {
    return Numbers.addcdiv(self(), a, b, value);
  }

  /** this · 2 to the power of other. */
  public final Tensor ldexp(Tensor other) {
    return mul(newFull(2.0, DType.FLOAT32).pow(other));
  }

  /** NaN, infinity and −infinity replaced; null for 0, the largest and the least number. */
  public final Tensor nanToNum(Number nan, Number positive, Number negative) {
    return Numbers.nanToNum(self(), nan, positive, negative);
  }

  /** {@link #nanToNum(Number, Number, Number)} with 0, the largest and the least number. */
  public final Tensor nanToNum() {
    return nanToNum(null, null, null);
  }

  /** BOOL: whether this is NaN. */
  public final Tensor isnan() {
    return ne(self());
  }

  /** BOOL: whether this is infinite. */
  public final Tensor isinf() {
    return Numbers.isInfinite(self());
  }

  /** BOOL: whether this is neither infinite nor NaN. */
  public final Tensor isfinite() {
    return Numbers.isFinite(self());
  }

  /** BOOL: whether this is positive infinity. */
  public final Tensor isposinf() {
    return eq(Double.POSITIVE_INFINITY);
  }

  /** BOOL: whether this is negative infinity. */
  public final Tensor isneginf() {
    return eq(Double.NEGATIVE_INFINITY);
  }

  /** BOOL: whether the sign bit is set, of −0.0 too. */
  public final Tensor signbit() {
    return Numbers.signbit(self());
  }

  /**
   * BOOL: whether |this − other| ≤ atol + rtol · |other|, or they are equal.
   *
   * @throws IllegalArgumentException if they differ in type
   */
  public final Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
    return Numbers.isClose(self(), other, rtol, atol, equalNan);
  }

  /** {@link #isclose(Tensor, double, double, boolean)} with 1e-5, 1e-8, false. */
  public final Tensor isclose(Tensor other) {
    return isclose(other, 1e-5, 1e-8, false);
  }

  /** Whether all elements are close: {@link #isclose(Tensor, double, double, boolean)}. */
  public final boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
    return Numbers.allTrue(isclose(other, rtol, atol, equalNan));
  }

  /** {@link #allclose(Tensor, double, double, boolean)} with 1e-5, 1e-8, false. */
  public final boolean allclose(Tensor other) {
    return allclose(other, 1e-5, 1e-8, false);
  }

  /** Whether both have the same shape and equal elements; NaN equals nothing. */
  public final boolean equal(Tensor other) {
    return Arrays.equals(self().shape(), other.shape()) && Numbers.allTrue(eq(other));
  }

  /** BOOL: whether both are not 0. */
  public final Tensor logicalAnd(Tensor other) {
    return Pointwise.LOGICAL_AND.of(self(), other);
  }

  /** BOOL: whether one is not 0. */
  public final Tensor logicalOr(Tensor other) {
    return Pointwise.LOGICAL_OR.of(self(), other);
  }

  /** BOOL: whether just one is not 0. */
  public final Tensor logicalXor(Tensor other) {
    return Pointwise.LOGICAL_XOR.of(self(), other);
  }

  /** BOOL: whether this equals other. */
  public final Tensor eq(Tensor other) {
    return Pointwise.EQ.of(self(), other);
  }

  /** BOOL: whether this equals other. */
  public final Tensor eq(Number other) {
    return Pointwise.EQ.of(self(), other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(Tensor other) {
    return Pointwise.NE.of(self(), other);
  }

  /** BOOL: whether this does not equal other. */
  public final Tensor ne(Number other) {
    return Pointwise.NE.of(self(), other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(Tensor other) {
    return Pointwise.LT.of(self(), other);
  }

  /** BOOL: whether this is less than other. */
  public final Tensor lt(Number other) {
    return Pointwise.LT.of(self(), other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(Tensor other) {
    return Pointwise.LE.of(self(), other);
  }

  /** BOOL: whether this is at most other. */
  public final Tensor le(Number other) {
    return Pointwise.LE.of(self(), other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(Tensor other) {
    return Pointwise.GT.of(self(), other);
  }

  /** BOOL: whether this is greater than other. */
  public final Tensor gt(Number other) {
    return Pointwise.GT.of(self(), other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(Tensor other) {
    return Pointwise.GE.of(self(), other);
  }

  /** BOOL: whether this is at least other. */
  public final Tensor ge(Number other) {
    return Pointwise.GE.of(self(), other);
  }

  /** BOOL: whether this is 0. */
  public final Tensor logicalNot() {
    return Pointwise.LOGICAL_NOT.of(self());
  }

  /** this += other. */
  public final Tensor add_(Tensor other) {
    return Pointwise.ADD.inPlace(self(), other);
  }

  /** this += alpha · other. */
  public final Tensor add_(Tensor other, Number alpha) {
    return Numbers.add_(self(), other, alpha);
  }

  /** this −= other. */
  public final Tensor sub_(Tensor other) {
    return Pointwise.SUB.inPlace(self(), other);
  }

  /** this −= alpha · other. */
  public final Tensor sub_(Tensor other, Number alpha) {
    return Numbers.sub_(self(), other, alpha);
  }

  /** this ·= other. */
  public final Tensor mul_(Tensor other) {
    return Pointwise.MUL.inPlace(self(), other);
  }

  /** this /= other. */
  public final Tensor div_(Tensor other) {
    return Pointwise.DIV.inPlace(self(), other);
  }

  /** {@link #div(Tensor, RoundingMode)} into this. */
  public final Tensor div_(Tensor other, RoundingMode rounding) {
    return Numbers.div_(self(), other, rounding);
  }

  /** this += other. */
  public final Tensor add_(Number other) {
    return Pointwise.ADD.inPlace(self(), other);
  }

  /** this −= other. */
  public final Tensor sub_(Number other) {
    return Pointwise.SUB.inPlace(self(), other);
  }

  /** this ·= other. */
  public final Tensor mul_(Number other) {
    return Pointwise.MUL.inPlace(self(), other);
  }

  /** this /= other. */
  public final Tensor div_(Number other) {
    return Pointwise.DIV.inPlace(self(), other);
  }

  /** Overwrites this with a function of it whose type must fit. */
  private Tensor into(String operation, UnaryOperator<Tensor> function) {
    return Overwriting.with(operation, self(), function);
  }

  /** {@link #neg()} into this. */
  public final Tensor neg_() {
    return Pointwise.NEG.inPlace(self());
  }

  /** {@link #abs()} into this. */
  public final Tensor abs_() {
    return Pointwise.ABS.inPlace(self());
  }

  /** {@link #sign()} into this. */
  public final Tensor sign_() {
    return Pointwise.SIGN.inPlace(self());
  }

  /** {@link #exp()} into this. */
  public final Tensor exp_() {
    return Pointwise.EXP.inPlace(self());
  }

  /** {@link #log()} into this. */
  public final Tensor log_() {
    return Pointwise.LOG.inPlace(self());
  }

  /** {@link #sqrt()} into this. */
  public final Tensor sqrt_() {
    return Pointwise.SQRT.inPlace(self());
  }

  /** {@link #reciprocal()} into this. */
  public final Tensor reciprocal_() {
    return Pointwise.RECIPROCAL.inPlace(self());
  }

  /** {@link #tanh()} into this. */
  public final Tensor tanh_() {
    return Pointwise.TANH.inPlace(self());
  }

  /** {@link #sigmoid()} into this. */
  public final Tensor sigmoid_() {
    return Pointwise.SIGMOID.inPlace(self());
  }

  /** {@link #sin()} into this. */
  public final Tensor sin_() {
    return Pointwise.SIN.inPlace(self());
  }

  /** {@link #cos()} into this. */
  public final Tensor cos_() {
    return Pointwise.COS.inPlace(self());
  }

  /** {@link #relu()} into this. */
  public final Tensor relu_() {
    return Pointwise.RELU.inPlace(self());
  }

  /** {@link #logicalNot()} into this. */
  public final Tensor logicalNot_() {
    return Pointwise.LOGICAL_NOT.inPlace(self());
  }

  /** {@link #floor()} into this. */
  public final Tensor floor_() {
    return Pointwise.FLOOR.inPlace(self());
  }

  /** {@link #ceil()} into this. */
  public final Tensor ceil_() {
    return Pointwise.CEIL.inPlace(self());
  }

  /** {@link #round()} into this. */
  public final Tensor round_() {
    return Pointwise.ROUND.inPlace(self());
  }

  /** {@link #trunc()} into this. */
  public final Tensor trunc_() {
    return Pointwise.TRUNC.inPlace(self());
  }

  /** {@link #rsqrt()} into this. */
  public final Tensor rsqrt_() {
    return Pointwise.RSQRT.inPlace(self());
  }

  /** {@link #exp2()} into this. */
  public final Tensor exp2_() {
    return Pointwise.EXP2.inPlace(self());
  }

  /** {@link #expm1()} into this. */
  public final Tensor expm1_() {
    return Pointwise.EXPM1.inPlace(self());
  }

  /** {@link #log2()} into this. */
  public final Tensor log2_() {
    return Pointwise.LOG2.inPlace(self());
  }

  /** {@link #log10()} into this. */
  public final Tensor log10_() {
    return Pointwise.LOG10.inPlace(self());
  }

  /** {@link #log1p()} into this. */
  public final Tensor log1p_() {
    return Pointwise.LOG1P.inPlace(self());
  }

  /** {@link #tan()} into this. */
  public final Tensor tan_() {
    return Pointwise.TAN.inPlace(self());
  }

  /** {@link #asin()} into this. */
  public final Tensor asin_() {
    return Pointwise.ASIN.inPlace(self());
  }

  /** {@link #acos()} into this. */
  public final Tensor acos_() {
    return Pointwise.ACOS.inPlace(self());
  }

  /** {@link #atan()} into this. */
  public final Tensor atan_() {
    return Pointwise.ATAN.inPlace(self());
  }

  /** {@link #sinh()} into this. */
  public final Tensor sinh_() {
    return Pointwise.SINH.inPlace(self());
  }

  /** {@link #cosh()} into this. */
  public final Tensor cosh_() {
    return Pointwise.COSH.inPlace(self());
  }

  /** {@link #asinh()} into this. */
  public final Tensor asinh_() {
    return Pointwise.ASINH.inPlace(self());
  }

  /** {@link #acosh()} into this. */
  public final Tensor acosh_() {
    return Pointwise.ACOSH.inPlace(self());
  }

  /** {@link #atanh()} into this. */
  public final Tensor atanh_() {
    return Pointwise.ATANH.inPlace(self());
  }

  /** {@link #erf()} into this. */
  public final Tensor erf_() {
    return Pointwise.ERF.inPlace(self());
  }

  /** {@link #erfc()} into this. */
  public final Tensor erfc_() {
    return Pointwise.ERFC.inPlace(self());
  }

  /** {@link #erfinv()} into this. */
  public final Tensor erfinv_() {
    return Pointwise.ERFINV.inPlace(self());
  }

  /** {@link #lgamma()} into this. */
  public final Tensor lgamma_() {
    return Pointwise.LGAMMA.inPlace(self());
  }

  /** {@link #digamma()} into this. */
  public final Tensor digamma_() {
    return Pointwise.DIGAMMA.inPlace(self());
  }

  /** {@link #polygamma(int)} into this. */
  public final Tensor polygamma_(int n) {
    return into("polygamma_", x -> x.polygamma(n));
  }

  /** {@link #bitwiseNot()} into this. */
  public final Tensor bitwiseNot_() {
    return Pointwise.BITWISE_NOT.inPlace(self());
  }

  /** {@link #square()} into this. */
  public final Tensor square_() {
    return into("square_", x -> x.square());
  }

  /** {@link #frac()} into this. */
  public final Tensor frac_() {
    return into("frac_", x -> x.frac());
  }

  /** {@link #deg2rad()} into this. */
  public final Tensor deg2rad_() {
    return into("deg2rad_", x -> x.deg2rad());
  }

  /** {@link #rad2deg()} into this. */
  public final Tensor rad2deg_() {
    return into("rad2deg_", x -> x.rad2deg());
  }

  /** {@link #sinc()} into this. */
  public final Tensor sinc_() {
    return into("sinc_", x -> x.sinc());
  }

  /** {@link #logit()} into this. */
  public final Tensor logit_() {
    return into("logit_", x -> x.logit());
  }

  /** {@link #nanToNum()} into this. */
  public final Tensor nanToNum_() {
    return into("nanToNum_", x -> x.nanToNum());
  }

  /** {@link #floorDivide(Tensor)} into this. */
  public final Tensor floorDivide_(Tensor other) {
    return Pointwise.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /** {@link #fmod(Tensor)} into this. */
  public final Tensor fmod_(Tensor other) {
    return Pointwise.FMOD.inPlace(self(), other);
  }

  /** {@link #remainder(Tensor)} into this. */
  public final Tensor remainder_(Tensor other) {
    return Pointwise.REMAINDER.inPlace(self(), other);
  }

  /** {@link #atan2(Tensor)} into this. */
  public final Tensor atan2_(Tensor other) {
    return Pointwise.ATAN2.inPlace(self(), other);
  }

  /** {@link #hypot(Tensor)} into this. */
  public final Tensor hypot_(Tensor other) {
    return Pointwise.HYPOT.inPlace(self(), other);
  }

  /** {@link #copysign(Tensor)} into this. */
  public final Tensor copysign_(Tensor other) {
    return Pointwise.COPYSIGN.inPlace(self(), other);
  }

  /** {@link #xlogy(Tensor)} into this. */
  public final Tensor xlogy_(Tensor other) {
    return Pointwise.XLOGY.inPlace(self(), other);
  }

  /** {@link #heaviside(Tensor)} into this. */
  public final Tensor heaviside_(Tensor other) {
    return Pointwise.HEAVISIDE.inPlace(self(), other);
  }

  /** {@link #bitwiseAnd(Tensor)} into this. */
  public final Tensor bitwiseAnd_(Tensor other) {
    return Pointwise.BITWISE_AND.inPlace(self(), other);
  }

  /** {@link #bitwiseOr(Tensor)} into this. */
  public final Tensor bitwiseOr_(Tensor other) {
    return Pointwise.BITWISE_OR.inPlace(self(), other);
  }

  /** {@link #bitwiseXor(Tensor)} into this. */
  public final Tensor bitwiseXor_(Tensor other) {
    return Pointwise.BITWISE_XOR.inPlace(self(), other);
  }

  /** {@link #bitwiseLeftShift(Tensor)} into this. */
  public final Tensor bitwiseLeftShift_(Tensor other) {
    return Pointwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /** {@link #bitwiseRightShift(Tensor)} into this. */
  public final Tensor bitwiseRightShift_(Tensor other) {
    return Pointwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /** {@link #gcd(Tensor)} into this. */
  public final Tensor gcd_(Tensor other) {
    return Pointwise.GCD.inPlace(self(), other);
  }

  /** {@link #lcm(Tensor)} into this. */
  public final Tensor lcm_(Tensor other) {
    return Pointwise.LCM.inPlace(self(), other);
  }

  /** {@link #floorDivide(Number)} into this. */
  public final Tensor floorDivide_(Number other) {
    return Pointwise.FLOOR_DIVIDE.inPlace(self(), other);
  }

  /** {@link #fmod(Number)} into this. */
  public final Tensor fmod_(Number other) {
    return Pointwise.FMOD.inPlace(self(), other);
  }

  /** {@link #remainder(Number)} into this. */
  public final Tensor remainder_(Number other) {
    return Pointwise.REMAINDER.inPlace(self(), other);
  }

  /** {@link #copysign(Number)} into this. */
  public final Tensor copysign_(Number other) {
    return Pointwise.COPYSIGN.inPlace(self(), other);
  }

  /** {@link #xlogy(Number)} into this. */
  public final Tensor xlogy_(Number other) {
    return Pointwise.XLOGY.inPlace(self(), other);
  }

  /** {@link #bitwiseAnd(Number)} into this. */
  public final Tensor bitwiseAnd_(Number other) {
    return Pointwise.BITWISE_AND.inPlace(self(), other);
  }

  /** {@link #bitwiseOr(Number)} into this. */
  public final Tensor bitwiseOr_(Number other) {
    return Pointwise.BITWISE_OR.inPlace(self(), other);
  }

  /** {@link #bitwiseXor(Number)} into this. */
  public final Tensor bitwiseXor_(Number other) {
    return Pointwise.BITWISE_XOR.inPlace(self(), other);
  }

  /** {@link #bitwiseLeftShift(Number)} into this. */
  public final Tensor bitwiseLeftShift_(Number other) {
    return Pointwise.SHIFT_LEFT.inPlace(self(), other);
  }

  /** {@link #bitwiseRightShift(Number)} into this. */
  public final Tensor bitwiseRightShift_(Number other) {
    return Pointwise.SHIFT_RIGHT.inPlace(self(), other);
  }

  /** {@link #pow(Tensor)} into this. */
  public final Tensor pow_(Tensor other) {
    return Pointwise.POW.inPlace(self(), other);
  }

  /** {@link #pow(Number)} into this. */
  public final Tensor pow_(Number other) {
    return Numbers.pow_(self(), other);
  }

  /** {@link #eq(Tensor)} into this. */
  public final Tensor eq_(Tensor other) {
    return Pointwise.EQ.inPlace(self(), other);
  }

  /** {@link #eq(Number)} into this. */
  public final Tensor eq_(Number other) {
    return Pointwise.EQ.inPlace(self(), other);
  }

  /** {@link #ne(Tensor)} into this. */
  public final Tensor ne_(Tensor other) {
    return Pointwise.NE.inPlace(self(), other);
  }

  /** {@link #ne(Number)} into this. */
  public final Tensor ne_(Number other) {
    return Pointwise.NE.inPlace(self(), other);
  }

  /** {@link #lt(Tensor)} into this. */
  public final Tensor lt_(Tensor other) {
    return Pointwise.LT.inPlace(self(), other);
  }

  /** {@link #lt(Number)} into this. */
  public final Tensor lt_(Number other) {
    return Pointwise.LT.inPlace(self(), other);
  }

  /** {@link #le(Tensor)} into this. */
  public final Tensor le_(Tensor other) {
    return Pointwise.LE.inPlace(self(), other);
  }

  /** {@link #le(Number)} into this. */
  public final Tensor le_(Number other) {
    return Pointwise.LE.inPlace(self(), other);
  }

  /** {@link #gt(Tensor)} into this. */
  public final Tensor gt_(Tensor other) {
    return Pointwise.GT.inPlace(self(), other);
  }

  /** {@link #gt(Number)} into this. */
  public final Tensor gt_(Number other) {
    return Pointwise.GT.inPlace(self(), other);
  }

  /** {@link #ge(Tensor)} into this. */
  public final Tensor ge_(Tensor other) {
    return Pointwise.GE.inPlace(self(), other);
  }

  /** {@link #ge(Number)} into this. */
  public final Tensor ge_(Number other) {
    return Pointwise.GE.inPlace(self(), other);
  }

  /** {@link #logicalAnd(Tensor)} into this. */
  public final Tensor logicalAnd_(Tensor other) {
    return Pointwise.LOGICAL_AND.inPlace(self(), other);
  }

  /** {@link #logicalOr(Tensor)} into this. */
  public final Tensor logicalOr_(Tensor other) {
    return Pointwise.LOGICAL_OR.inPlace(self(), other);
  }

  /** {@link #logicalXor(Tensor)} into this. */
  public final Tensor logicalXor_(Tensor other) {
    return Pointwise.LOGICAL_XOR.inPlace(self(), other);
  }

  /** {@link #clamp(Number, Number)} into this. */
  public final Tensor clamp_(Number min, Number max) {
    return into("clamp_", x -> x.clamp(min, max));
  }

  /** {@link #clamp(Tensor, Tensor)} into this. */
  public final Tensor clamp_(Tensor min, Tensor max) {
    return into("clamp_", x -> x.clamp(min, max));
  }

  /** {@link #clampMin(Number)} into this. */
  public final Tensor clampMin_(Number min) {
    return into("clampMin_", x -> x.clampMin(min));
  }

  /** {@link #clampMax(Number)} into this. */
  public final Tensor clampMax_(Number max) {
    return into("clampMax_", x -> x.clampMax(max));
  }

  /** {@link #lerp(Tensor, Number)} into this. */
  public final Tensor lerp_(Tensor end, Number weight) {
    return into("lerp_", x -> x.lerp(end, weight));
  }

  /** {@link #lerp(Tensor, Tensor)} into this. */
  public final Tensor lerp_(Tensor end, Tensor weight) {
    return into("lerp_", x -> x.lerp(end, weight));
  }

  /** {@link #addcmul(Tensor, Tensor, Number)} into this. */
  public final Tensor addcmul_(Tensor a, Tensor b, Number value) {
    return into("addcmul_", x -> x.addcmul(a, b, value));
  }

  /** {@link #addcdiv(Tensor, Tensor, Number)} into this. */
  public final Tensor addcdiv_(Tensor a, Tensor b, Number value) {
    return into("addcdiv_", x -> x.addcdiv(a, b, value));
  }

  /** Overwrites every element with other's, broadcast and converted. */
  public final Tensor copy_(Tensor other) {
    return Copy.into(self(), other);
  }

  /** Overwrites every element with one value. */
  public final Tensor fill_(Number value) {
    return filled("fill_", value);
  }

  /** Overwrites every element with 0. */
  public final Tensor zero_() {
    return filled("zero_", 0);
  }

  private Tensor filled(String operation, Number value) {
    Factories.checkFits(operation, value, self().dtype());
    try (Tensor source = newFull(value, self().dtype())) {
      return Copy.into(operation, self(), source);
    }
  }
}
