package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/** Elementwise functions that are more than one row of {@link Pointwise}. */
public final class Numbers {
  private Numbers() {}

  /**
   * self + alpha · other, broadcast, in the promoted type.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers
   */
  public static Tensor add(Tensor self, Tensor other, Number alpha) {
    DType type = Types.promote(self, other);
    checkAlpha("add", alpha, type);
    return AddScaled.of(self.to(type), other.to(type), alpha);
  }

  /** self += alpha · other; gives this back. See {@link Tensor#add(Tensor, Number)}. */
  public static Tensor add_(Tensor self, Tensor other, Number alpha) {
    checkAlpha("add_", alpha, self.dtype());
    DType type = Types.promote(self, other);
    Types.checkResult("add_", type, self.dtype());
    return type == self.dtype()
        ? AddScaled.inPlace(self, other.to(type), alpha)
        : Overwriting.with("add_", self, x -> add(x, other, alpha));
  }

  /**
   * self − alpha · other, broadcast, in the promoted type.
   *
   * @param alpha a whole number if the result is of integers
   * @throws IllegalArgumentException if alpha is a fraction and the result is of integers, or for
   *     BOOL
   */
  public static Tensor sub(Tensor self, Tensor other, Number alpha) {
    Arithmetic.SUB.check(self, other);
    return add(self, other, negated(alpha));
  }

  /** self −= alpha · other; gives this back. See {@link Tensor#sub(Tensor, Number)}. */
  public static Tensor sub_(Tensor self, Tensor other, Number alpha) {
    Arithmetic.SUB.check(self, other);
    return add_(self, other, negated(alpha));
  }

  /**
   * other − self.
   *
   * @throws IllegalArgumentException for BOOL
   */
  public static Tensor rsub(Tensor self, Number other) {
    Arithmetic.SUB.check(self);
    try (Tensor constant = self.newFull(other, Types.promote(self, other))) {
      return constant.sub(self);
    }
  }

  private static void checkAlpha(String operation, Number alpha, DType result) {
    if (!result.isFloatingPoint() && Types.isReal(alpha)) {
      throw new IllegalArgumentException(
          message(
              "%s: For integral input tensors, argument alpha must not be a floating point number;"
                  + " got %s for %s",
              operation, alpha, result));
    }
  }

  private static Number negated(Number number) {
    return Types.isReal(number) ? (Number) (-number.doubleValue()) : (Number) (-number.longValue());
  }

  /** self / other, rounded; integers stay integers. The gradients are 0. */
  public static Tensor div(Tensor self, Tensor other, RoundingMode rounding) {
    return rounded(rounding).of(self, other);
  }

  /** self / other, rounded; integers stay integers. The gradient is 0. */
  public static Tensor div(Tensor self, Number other, RoundingMode rounding) {
    return rounded(rounding).of(self, other);
  }

  /** self /= other, rounded; gives this back. See {@link Tensor#div(Tensor, RoundingMode)}. */
  public static Tensor div_(Tensor self, Tensor other, RoundingMode rounding) {
    return rounded(rounding).inPlace(self, other);
  }

  private static BinaryFunction rounded(RoundingMode rounding) {
    return rounding == RoundingMode.FLOOR ? Rounding.DIV_FLOOR : Rounding.DIV_TRUNC;
  }

  /**
   * self to the power of other.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative power
   */
  public static Tensor pow(Tensor self, Number other) {
    checkPower(self, other);
    return Arithmetic.POW.of(self, other);
  }

  /** Overwrites this with {@link Tensor#pow(Number)} and gives it back. */
  public static Tensor pow_(Tensor self, Number other) {
    checkPower(self, other);
    return Arithmetic.POW.inPlace(self, other);
  }

  private static void checkPower(Tensor x, Number power) {
    if (!Types.promote(x, power).isFloatingPoint() && power.longValue() < 0) {
      throw new IllegalArgumentException(
          message(
              "pow: Integers to negative integer powers are not allowed; got %s and %s",
              x.dtype(), power));
    }
  }

  /**
   * Derivative of order n of the digamma function.
   *
   * @throws IllegalArgumentException if n is negative
   */
  @InPlaceTwin
  public static Tensor polygamma(Tensor self, int n) {
    if (n < 0) {
      throw new IllegalArgumentException(
          "polygamma: polygamma(n, x) does not support negative n; got " + n);
    }
    return n == 0 ? self.digamma() : ErrorAndGamma.POLYGAMMA.of(self, n);
  }

  /** self · self; BOOL is squared in INT64. */
  @InPlaceTwin
  public static Tensor square(Tensor self) {
    Tensor x = self.dtype() == DType.BOOL ? self.to(DType.INT64) : self;
    return x.mul(x);
  }

  /**
   * Fractional part, with the sign of this.
   *
   * @throws IllegalArgumentException if this type has none
   */
  @InPlaceTwin
  public static Tensor frac(Tensor self) {
    Accepted.check("frac", self.dtype());
    return self.sub(self.trunc());
  }

  /** Degrees to radians. */
  @InPlaceTwin
  public static Tensor deg2rad(Tensor self) {
    return self.mul(Math.PI / 180);
  }

  /** Radians to degrees. */
  @InPlaceTwin
  public static Tensor rad2deg(Tensor self) {
    return self.mul(180 / Math.PI);
  }

  /** self · 2 to the power of other. */
  public static Tensor ldexp(Tensor self, Tensor other) {
    return self.mul(self.newFull(2.0, DType.FLOAT32).pow(other));
  }

  /**
   * Rounds to a number of decimals, which may be negative; of two equally near numbers to the one
   * that is even in the last place.
   */
  public static Tensor round(Tensor self, int decimals) {
    Accepted.check("round to decimals", self.dtype());
    if (decimals == 0) {
      return self.round();
    }
    double scale = Math.pow(10, Math.abs(decimals));
    return decimals > 0 ? self.mul(scale).round().div(scale) : self.div(scale).round().mul(scale);
  }

  /** ln(self / (1 − self)). */
  @InPlaceTwin
  public static Tensor logit(Tensor self) {
    return logits(self, null);
  }

  /** {@link Tensor#logit()} of this clamped to [eps, 1 − eps]. */
  public static Tensor logit(Tensor self, double eps) {
    return logits(self, eps);
  }

  private static Tensor logits(Tensor self, Double eps) {
    return Logit.of(self.to(Types.floating(self.dtype())), eps);
  }

  /** sin(π · self) / (π · self), 1 at 0. */
  @InPlaceTwin
  public static Tensor sinc(Tensor self) {
    if (self.dtype().isHalf()) {
      return sinc(self.to(DType.FLOAT32)).to(self.dtype());
    }
    Tensor real = self.to(Types.floating(self.dtype()));
    Tensor isZero = real.eq(0);
    Tensor angle = Tensor.where(isZero, Tensor.onesLike(real), real).mul(Math.PI);
    Tensor value = angle.sin().div(angle);
    return Tensor.where(isZero, Tensor.onesLike(value), value);
  }

  /**
   * Clamps to [min, max], either of which may be null for no bound; {@code max} where min is
   * larger.
   *
   * @throws IllegalArgumentException if both are null
   */
  @InPlaceTwin
  public static Tensor clamp(Tensor self, Number min, Number max) {
    Clamp.check(min, max);
    DType type = self.dtype();
    type = min == null ? type : Types.promote(self, min);
    type = max == null || type.isFloatingPoint() ? type : Types.promote(self.to(type), max);
    Tensor low = min == null ? null : self.newFull(min, type);
    Tensor high = max == null ? null : self.newFull(max, type);
    return Clamp.of(self.to(type), low, high);
  }

  /**
   * Clamps to [min, max], broadcast, either of which may be null for no bound; {@code max} where
   * min is larger.
   *
   * @throws IllegalArgumentException if both are null
   */
  @InPlaceTwin
  public static Tensor clamp(Tensor self, Tensor min, Tensor max) {
    Clamp.check(min, max);
    DType type = self.dtype();
    type = min == null ? type : Types.promote(self, min);
    type = max == null ? type : Types.promote(self.to(type), max);
    Accepted.check("clamp by tensors", type);
    return Clamp.of(
        self.to(type), min == null ? null : min.to(type), max == null ? null : max.to(type));
  }

  /** Clamps from below: at least min. */
  @InPlaceTwin
  public static Tensor clampMin(Tensor self, Number min) {
    return clamp(self, min, null);
  }

  /** Clamps from above: at most max. */
  @InPlaceTwin
  public static Tensor clampMax(Tensor self, Number max) {
    return clamp(self, null, max);
  }

  /**
   * Interpolates linearly: self + weight · (end − self).
   *
   * @throws IllegalArgumentException if the types differ
   */
  @InPlaceTwin
  public static Tensor lerp(Tensor self, Tensor end, Number weight) {
    checkSame("lerp", self, end);
    if (self.dtype().isHalf()) {
      return lerp(self.to(DType.FLOAT32), end.to(DType.FLOAT32), weight).to(self.dtype());
    }
    double w = weight.doubleValue();
    Tensor difference = end.sub(self);
    return Math.abs(w) < 0.5 ? self.add(difference, w) : end.sub(difference, 1 - w);
  }

  /**
   * Interpolates linearly: self + weight · (end − self).
   *
   * @throws IllegalArgumentException if the types differ
   */
  @InPlaceTwin
  public static Tensor lerp(Tensor self, Tensor end, Tensor weight) {
    checkSame("lerp", self, end, weight);
    if (self.dtype().isHalf()) {
      DType wide = DType.FLOAT32;
      return lerp(self.to(wide), end.to(wide), weight.to(wide)).to(self.dtype());
    }
    return Lerp.of(self, end, weight);
  }

  private static void checkSame(String operation, Tensor x, Tensor... others) {
    for (Tensor t : others) {
      if (t.dtype() != x.dtype() || !x.dtype().isFloatingPoint()) {
        throw new IllegalArgumentException(
            message(
                "%s: expected floating point dtype %s for all; got %s",
                operation, x.dtype(), t.dtype()));
      }
    }
  }

  /** self + value · a · b, broadcast. */
  @InPlaceTwin
  public static Tensor addcmul(Tensor self, Tensor a, Tensor b, Number value) {
    DType type = Types.promote(self, a, b);
    Accepted.check("addcmul", type);
    Number factor = type.isFloatingPoint() ? value : (Number) value.longValue();
    return Addc.mul(self.to(type), a.to(type), b.to(type), factor);
  }

  /**
   * self + value · a / b, broadcast.
   *
   * @throws IllegalArgumentException if a and b are integers
   */
  @InPlaceTwin
  public static Tensor addcdiv(Tensor self, Tensor a, Tensor b, Number value) {
    if (!a.dtype().isFloatingPoint() && !b.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "addcdiv: Integer division with addcdiv is not supported; convert to floating point,"
                  + " got %s and %s",
              a.dtype(), b.dtype()));
    }
    DType type = Types.promote(self, a, b);
    return Addc.div(self.to(type), a.to(type), b.to(type), value);
  }

  /** Replaces NaN by 0, infinity and −infinity by the largest and the least number of the type. */
  @InPlaceTwin
  public static Tensor nanToNum(Tensor self) {
    return nanToNum(self, null, null, null);
  }

  /**
   * Replaces NaN, infinity and −infinity.
   *
   * @param nan null for 0
   * @param positive null for the largest number of the type
   * @param negative null for the least number of the type
   */
  public static Tensor nanToNum(Tensor self, Number nan, Number positive, Number negative) {
    if (!self.dtype().isFloatingPoint()) {
      return self.clone();
    }
    DType type = self.dtype();
    Tensor y = replaced(self, self.isnan(), nan == null ? 0 : nan);
    y = replaced(y, self.isposinf(), positive == null ? largest(type) : positive);
    return replaced(y, self.isneginf(), negative == null ? -largest(type) : negative);
  }

  /** The largest number of a floating point type. */
  static double largest(DType type) {
    return switch (type) {
      case FLOAT64 -> Double.MAX_VALUE;
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.fep127;
      default -> Float.MAX_VALUE;
    };
  }

  private static Tensor replaced(Tensor x, Tensor where, Number value) {
    return Tensor.where(where, x.newFull(value, x.dtype()), x);
  }

  /** Whether (BOOL) each element is NaN. */
  public static Tensor isnan(Tensor self) {
    return Comparisons.NE.of(self, self);
  }

  /** Whether (BOOL) each element is infinity. */
  public static Tensor isposinf(Tensor self) {
    return self.eq(Double.POSITIVE_INFINITY);
  }

  /** Whether (BOOL) each element is −infinity. */
  public static Tensor isneginf(Tensor self) {
    return self.eq(Double.NEGATIVE_INFINITY);
  }

  /** Whether (BOOL) each element is infinite. */
  public static Tensor isinf(Tensor self) {
    return self.dtype().isFloatingPoint()
        ? self.detach().abs().eq(Double.POSITIVE_INFINITY)
        : self.ne(self);
  }

  /** Whether (BOOL) each element is neither infinite nor NaN. */
  public static Tensor isfinite(Tensor self) {
    return self.dtype().isFloatingPoint()
        ? self.detach().abs().lt(Double.POSITIVE_INFINITY)
        : self.eq(self);
  }

  /** Whether (BOOL) the sign bit of each element is set, that of −0.0 too. */
  public static Tensor signbit(Tensor self) {
    if (!self.dtype().isFloatingPoint()) {
      return self.lt(0);
    }
    return Tensor.onesLike(self.detach()).copysign(self.detach()).lt(0);
  }

  /**
   * Whether (BOOL) |self − other| ≤ atol + rtol · |other|, or both are equal.
   *
   * @param equalNan whether NaN counts as equal to NaN
   * @throws IllegalArgumentException if they differ in type, or a tolerance is negative
   */
  public static Tensor isclose(
      Tensor self,
      Tensor other,
      @Default("1e-5") double rtol,
      @Default("1e-8") double atol,
      @Default("false") boolean equalNan) {
    if (self.dtype() != other.dtype()) {
      throw new IllegalArgumentException(
          message("isclose: both must have one dtype; got %s and %s", self.dtype(), other.dtype()));
    }
    if (!(rtol >= 0) || !(atol >= 0)) {
      throw new IllegalArgumentException(
          message(
              "isclose: rtol and atol must be greater than or equal to zero; got %s and %s",
              rtol, atol));
    }
    Tensor a = self.detach();
    Tensor b = other.detach();
    Tensor close = a.eq(b);
    if (equalNan) {
      close = close.logicalOr(a.isnan().logicalAnd(b.isnan()));
    }
    if (!a.dtype().isFloatingPoint()) {
      a = a.to(DType.FLOAT64);
      b = b.to(DType.FLOAT64);
    }
    Tensor distance = a.sub(b).abs();
    Tensor within = distance.le(b.mul(rtol).abs().add(atol));
    return close.logicalOr(within.logicalAnd(distance.isfinite()));
  }

  /**
   * Whether all elements are close; see {@link Tensor#isclose(Tensor, double, double, boolean)}.
   */
  public static boolean allclose(
      Tensor self,
      Tensor other,
      @Default("1e-5") double rtol,
      @Default("1e-8") double atol,
      @Default("false") boolean equalNan) {
    return allTrue(isclose(self, other, rtol, atol, equalNan));
  }

  /** Whether both have the same shape and equal elements; NaN equals nothing. */
  public static boolean equal(Tensor self, Tensor other) {
    return Arrays.equals(self.shape(), other.shape()) && allTrue(self.eq(other));
  }

  /** Whether no element is 0. */
  public static boolean allTrue(Tensor mask) {
    try (Tensor all = mask.all()) {
      return all.item() != 0;
    }
  }
}
