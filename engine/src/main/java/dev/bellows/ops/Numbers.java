package dev.bellows.ops;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;

/** Elementwise functions that are more than one row of {@link Pointwise}. */
public final class Numbers {
  private Numbers() {}

  /**
   * a + alpha · b.
   *
   * @throws IllegalArgumentException if alpha is a fraction and the result is of whole numbers
   */
  public static Tensor add(Tensor a, Tensor b, Number alpha) {
    DType type = Types.promote(a, b);
    checkAlpha("add", alpha, type);
    return AddScaled.of(a.to(type), b.to(type), alpha);
  }

  /** a += alpha · b; see {@link #add}. */
  public static Tensor add_(Tensor a, Tensor b, Number alpha) {
    checkAlpha("add_", alpha, a.dtype());
    DType type = Types.promote(a, b);
    Types.checkResult("add_", type, a.dtype());
    return type == a.dtype()
        ? AddScaled.inPlace(a, b.to(type), alpha)
        : Overwriting.with("add_", a, x -> add(x, b, alpha));
  }

  /**
   * a − alpha · b; see {@link #add}.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public static Tensor sub(Tensor a, Tensor b, Number alpha) {
    Pointwise.SUB.check(a, b);
    return add(a, b, negated(alpha));
  }

  /** a −= alpha · b; see {@link #sub}. */
  public static Tensor sub_(Tensor a, Tensor b, Number alpha) {
    Pointwise.SUB.check(a, b);
    return add_(a, b, negated(alpha));
  }

  /** number − x. */
  public static Tensor rsub(Tensor x, Number number) {
    Pointwise.SUB.check(x);
    try (Tensor constant = x.newFull(number, Types.promote(x, number))) {
      return constant.sub(x);
    }
  }

  private static void checkAlpha(String operation, Number alpha, DType result) {
    if (!result.isFloatingPoint() && Types.isReal(alpha)) {
      throw new IllegalArgumentException(
          operation
              + ": For integral input tensors, argument alpha must not be a floating point number;"
              + " got "
              + alpha
              + " for "
              + result);
    }
  }

  private static Number negated(Number number) {
    return Types.isReal(number) ? (Number) (-number.doubleValue()) : (Number) (-number.longValue());
  }

  /** a / b, rounded; integers stay integers. Gradients are 0. */
  public static Tensor div(Tensor a, Tensor b, RoundingMode rounding) {
    return rounded(rounding).of(a, b);
  }

  /** a / b, rounded; integers stay integers. The gradient is 0. */
  public static Tensor div(Tensor a, Number b, RoundingMode rounding) {
    return rounded(rounding).of(a, b);
  }

  /** a /= b, rounded. */
  public static Tensor div_(Tensor a, Tensor b, RoundingMode rounding) {
    return rounded(rounding).inPlace(a, b);
  }

  private static BinaryFunction rounded(RoundingMode rounding) {
    return rounding == RoundingMode.FLOOR ? Pointwise.DIV_FLOOR : Pointwise.DIV_TRUNC;
  }

  /**
   * x to the power of a number.
   *
   * @throws IllegalArgumentException if an integer would be raised to a negative one
   */
  public static Tensor pow(Tensor x, Number power) {
    checkPower(x, power);
    return Pointwise.POW.of(x, power);
  }

  /** x to the power of a number, into x; see {@link #pow}. */
  public static Tensor pow_(Tensor x, Number power) {
    checkPower(x, power);
    return Pointwise.POW.inPlace(x, power);
  }

  private static void checkPower(Tensor x, Number power) {
    if (!Types.promote(x, power).isFloatingPoint() && power.longValue() < 0) {
      throw new IllegalArgumentException(
          "pow: Integers to negative integer powers are not allowed; got "
              + x.dtype()
              + " and "
              + power);
    }
  }

  /**
   * The derivative of order n of the digamma function.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public static Tensor polygamma(Tensor x, int n) {
    if (n < 0) {
      throw new IllegalArgumentException(
          "polygamma: polygamma(n, x) does not support negative n; got " + n);
    }
    return n == 0 ? x.digamma() : Pointwise.POLYGAMMA.of(x, n);
  }

  /** Rounded to decimals. */
  public static Tensor round(Tensor x, int decimals) {
    Accepted.check("round to decimals", x.dtype());
    if (decimals == 0) {
      return x.round();
    }
    double scale = Math.pow(10, Math.abs(decimals));
    return decimals > 0 ? x.mul(scale).round().div(scale) : x.div(scale).round().mul(scale);
  }

  /** ln(x / (1 − x)), of x brought within [eps, 1 − eps] unless that is null. */
  public static Tensor logit(Tensor x, Double eps) {
    return Logit.of(x.to(Types.floating(x.dtype())), eps);
  }

  /** sin πx / πx; 1 at 0, with gradient 0 there. */
  public static Tensor sinc(Tensor x) {
    if (x.dtype().isHalf()) {
      return sinc(x.to(DType.FLOAT32)).to(x.dtype());
    }
    Tensor real = x.to(Types.floating(x.dtype()));
    Tensor isZero = real.eq(0);
    Tensor angle = Tensor.where(isZero, Tensor.onesLike(real), real).mul(Math.PI);
    Tensor value = angle.sin().div(angle);
    return Tensor.where(isZero, Tensor.onesLike(value), value);
  }

  /** Brought within bounds; a bound may be null. */
  public static Tensor clamp(Tensor x, Number min, Number max) {
    Clamp.check(min, max);
    DType type = x.dtype();
    type = min == null ? type : Types.promote(x, min);
    type = max == null || type.isFloatingPoint() ? type : Types.promote(x.to(type), max);
    Tensor low = min == null ? null : x.newFull(min, type);
    Tensor high = max == null ? null : x.newFull(max, type);
    return Clamp.of(x.to(type), low, high);
  }

  /** Brought within bounds, broadcast; a bound may be null. */
  public static Tensor clamp(Tensor x, Tensor min, Tensor max) {
    Clamp.check(min, max);
    DType type = x.dtype();
    type = min == null ? type : Types.promote(x, min);
    type = max == null ? type : Types.promote(x.to(type), max);
    Accepted.check("clamp by tensors", type);
    return Clamp.of(
        x.to(type), min == null ? null : min.to(type), max == null ? null : max.to(type));
  }

  /** x + weight · (end − x), from the nearer end. */
  public static Tensor lerp(Tensor x, Tensor end, Number weight) {
    checkSame("lerp", x, end);
    if (x.dtype().isHalf()) {
      return lerp(x.to(DType.FLOAT32), end.to(DType.FLOAT32), weight).to(x.dtype());
    }
    double w = weight.doubleValue();
    Tensor difference = end.sub(x);
    return Math.abs(w) < 0.5 ? x.add(difference, w) : end.sub(difference, 1 - w);
  }

  /** x + weight · (end − x), from the nearer end. */
  public static Tensor lerp(Tensor x, Tensor end, Tensor weight) {
    checkSame("lerp", x, end, weight);
    if (x.dtype().isHalf()) {
      DType wide = DType.FLOAT32;
      return lerp(x.to(wide), end.to(wide), weight.to(wide)).to(x.dtype());
    }
    return Lerp.of(x, end, weight);
  }

  private static void checkSame(String operation, Tensor x, Tensor... others) {
    for (Tensor t : others) {
      if (t.dtype() != x.dtype() || !x.dtype().isFloatingPoint()) {
        throw new IllegalArgumentException(
            operation
                + ": expected floating point dtype "
                + x.dtype()
                + " for all; got "
                + t.dtype());
      }
    }
  }

  /** x + value · a · b; of integers with the whole part of value. */
  public static Tensor addcmul(Tensor x, Tensor a, Tensor b, Number value) {
    DType type = Types.promote(x, a, b);
    Accepted.check("addcmul", type);
    Number factor = type.isFloatingPoint() ? value : (Number) value.longValue();
    return Addc.mul(x.to(type), a.to(type), b.to(type), factor);
  }

  /** x + value · a / b. */
  public static Tensor addcdiv(Tensor x, Tensor a, Tensor b, Number value) {
    if (!a.dtype().isFloatingPoint() && !b.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          "addcdiv: Integer division with addcdiv is not supported; convert to floating point, got "
              + a.dtype()
              + " and "
              + b.dtype());
    }
    DType type = Types.promote(x, a, b);
    return Addc.div(x.to(type), a.to(type), b.to(type), value);
  }

  /** NaN and infinities replaced; null for 0, the largest and the least number. */
  public static Tensor nanToNum(Tensor x, Number nan, Number positive, Number negative) {
    if (!x.dtype().isFloatingPoint()) {
      return x.clone();
    }
    DType type = x.dtype();
    Tensor y = replaced(x, x.isnan(), nan == null ? 0 : nan);
    y = replaced(y, x.isposinf(), positive == null ? largest(type) : positive);
    return replaced(y, x.isneginf(), negative == null ? -largest(type) : negative);
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

  /** Whether elements are infinite. */
  public static Tensor isInfinite(Tensor x) {
    return x.dtype().isFloatingPoint() ? x.detach().abs().eq(Double.POSITIVE_INFINITY) : x.ne(x);
  }

  /** Whether elements are neither infinite nor NaN. */
  public static Tensor isFinite(Tensor x) {
    return x.dtype().isFloatingPoint() ? x.detach().abs().lt(Double.POSITIVE_INFINITY) : x.eq(x);
  }

  /** Whether sign bits are set. */
  public static Tensor signbit(Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      return x.lt(0);
    }
    return Tensor.onesLike(x.detach()).copysign(x.detach()).lt(0);
  }

  /** Whether elements are close. */
  public static Tensor isClose(Tensor x, Tensor other, double rtol, double atol, boolean equalNan) {
    if (x.dtype() != other.dtype()) {
      throw new IllegalArgumentException(
          "isclose: both must have one dtype; got " + x.dtype() + " and " + other.dtype());
    }
    if (!(rtol >= 0) || !(atol >= 0)) {
      throw new IllegalArgumentException(
          "isclose: rtol and atol must be greater than or equal to zero; got "
              + rtol
              + " and "
              + atol);
    }
    Tensor a = x.detach();
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

  /** Whether no element is 0. */
  public static boolean allTrue(Tensor mask) {
    try (Tensor all = mask.all()) {
      return all.item() != 0;
    }
  }
}
