package dev.bellows.ops;

import static dev.bellows.ops.BinaryFunction.Gradient.NONE;
import static dev.bellows.ops.BinaryFunction.Gradient.ZERO;
import static dev.bellows.ops.BinaryFunction.Gradient.ofA;
import static dev.bellows.ops.BinaryFunction.Gradient.ofB;
import static dev.bellows.ops.BinaryFunction.Gradient.ofBoth;
import static dev.bellows.ops.BinaryFunction.Gradient.ofTensors;
import static dev.bellows.ops.UnaryFunction.Gradient.ofX;
import static dev.bellows.ops.UnaryFunction.Gradient.ofY;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.ops.BinaryFunction.Operand;
import dev.bellows.tensor.Tensor;

/**
 * The elementwise operations of one and two tensors, one row each: name, kernel, accepted types,
 * and the gradients as tensor expressions of the gradient g of the result, the arguments (x, or a
 * and b) and the result y. What a gradient reads is saved, and no more. A row's comment is that of
 * the tensor's method.
 */
public final class Pointwise {
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_10 = 2.302585092994046;
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;

  private static final String NEGATED_TRUTH =
      "Negation of a BOOL tensor is not supported; use logicalNot() to invert a mask";
  private static final String SUBTRACTED_TRUTH =
      "Subtraction, the `-` operator, with a bool tensor is not supported; use"
          + " logicalXor() or bitwiseXor() of two masks, logicalNot() to invert one";

  // ---- one tensor

  /** −this. */
  public static final UnaryFunction NEG =
      row(
          "neg",
          UnaryOp.NEG,
          Accepted.notBool(NEGATED_TRUTH),
          UnaryFunction.Gradient.of(g -> g.neg()));

  /** |this|. The gradient at 0 is 0. */
  public static final UnaryFunction ABS =
      row("abs", UnaryOp.ABS, Accepted.numeric("abs_cpu"), ofX((g, x) -> g.mul(x.sign())));

  /** −1, 0 or 1; 0 for NaN. */
  public static final UnaryFunction SIGN =
      row("sign", UnaryOp.SIGN, Accepted.ANY, UnaryFunction.Gradient.ZERO);

  /** max(this, 0). The gradient at 0 is 0. */
  public static final UnaryFunction RELU =
      row(
          "relu",
          UnaryOp.RELU,
          Accepted.notBool("Boolean inputs not supported for relu; got BOOL"),
          ofY((g, y) -> Pointwise.RELU_GRAD.of(y, g)));

  /** e to the power of this. */
  public static final UnaryFunction EXP = real("exp", UnaryOp.EXP, ofY((g, y) -> g.mul(y)));

  /** Natural logarithm. */
  public static final UnaryFunction LOG = real("log", UnaryOp.LOG, ofX((g, x) -> g.div(x)));

  /** Square root. */
  public static final UnaryFunction SQRT =
      real("sqrt", UnaryOp.SQRT, ofY((g, y) -> g.div(y.mul(2))));

  /** 1 / this. */
  public static final UnaryFunction RECIPROCAL =
      real("reciprocal", UnaryOp.RECIPROCAL, ofY((g, y) -> g.mul(y).mul(y).neg()));

  /** Hyperbolic tangent. */
  public static final UnaryFunction TANH =
      real("tanh", UnaryOp.TANH, ofY((g, y) -> g.mul(y.mul(y).neg().add(1))));

  /** 1 / (1 + e⁻ˣ). */
  public static final UnaryFunction SIGMOID =
      real("sigmoid", UnaryOp.SIGMOID, ofY((g, y) -> g.mul(y).mul(y.neg().add(1))));

  /** Sine. */
  public static final UnaryFunction SIN = real("sin", UnaryOp.SIN, ofX((g, x) -> g.mul(x.cos())));

  /** Cosine. */
  public static final UnaryFunction COS =
      real("cos", UnaryOp.COS, ofX((g, x) -> g.mul(x.sin()).neg()));

  /** BOOL: whether this is 0. */
  public static final UnaryFunction LOGICAL_NOT =
      row("logicalNot", UnaryOp.LOGICAL_NOT, Accepted.ANY, UnaryFunction.Gradient.NONE);

  /** Not, of the bits of integers, or of BOOL. */
  public static final UnaryFunction BITWISE_NOT =
      row("bitwiseNot", UnaryOp.BITWISE_NOT, Accepted.BITS, UnaryFunction.Gradient.NONE);

  /** The next whole number at or below. */
  public static final UnaryFunction FLOOR =
      row("floor", UnaryOp.FLOOR, Accepted.numeric("floor_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The next whole number at or above. */
  public static final UnaryFunction CEIL =
      row("ceil", UnaryOp.CEIL, Accepted.numeric("ceil_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The nearest whole number, the even one of two. */
  public static final UnaryFunction ROUND =
      row("round", UnaryOp.ROUND, Accepted.numeric("round_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** The next whole number towards 0. */
  public static final UnaryFunction TRUNC =
      row("trunc", UnaryOp.TRUNC, Accepted.numeric("trunc_vml_cpu"), UnaryFunction.Gradient.ZERO);

  /** 1 / √this. */
  public static final UnaryFunction RSQRT =
      real("rsqrt", UnaryOp.RSQRT, ofY((g, y) -> g.mul(-0.5).mul(y.pow(3))));

  /** 2 to the power of this. */
  public static final UnaryFunction EXP2 =
      real("exp2", UnaryOp.EXP2, ofY((g, y) -> g.mul(y).mul(LN_2)));

  /** e to the power of this, less 1; exact near 0. */
  public static final UnaryFunction EXPM1 =
      real("expm1", UnaryOp.EXPM1, ofY((g, y) -> g.mul(y.add(1))));

  /** Logarithm to base 2. */
  public static final UnaryFunction LOG2 =
      real("log2", UnaryOp.LOG2, ofX((g, x) -> g.div(x.mul(LN_2))));

  /** Logarithm to base 10. */
  public static final UnaryFunction LOG10 =
      real("log10", UnaryOp.LOG10, ofX((g, x) -> g.div(x.mul(LN_10))));

  /** ln(1 + this); exact near 0. */
  public static final UnaryFunction LOG1P =
      real("log1p", UnaryOp.LOG1P, ofX((g, x) -> g.div(x.add(1))));

  /** Tangent. */
  public static final UnaryFunction TAN =
      real("tan", UnaryOp.TAN, ofY((g, y) -> g.mul(y.mul(y).add(1))));

  /** Inverse sine. */
  public static final UnaryFunction ASIN =
      real("asin", UnaryOp.ASIN, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt())));

  /** Inverse cosine. */
  public static final UnaryFunction ACOS =
      real("acos", UnaryOp.ACOS, ofX((g, x) -> g.mul(x.mul(x).neg().add(1).rsqrt()).neg()));

  /** Inverse tangent. */
  public static final UnaryFunction ATAN =
      real("atan", UnaryOp.ATAN, ofX((g, x) -> g.div(x.mul(x).add(1))));

  /** Hyperbolic sine. */
  public static final UnaryFunction SINH =
      real("sinh", UnaryOp.SINH, ofX((g, x) -> g.mul(x.cosh())));

  /** Hyperbolic cosine. */
  public static final UnaryFunction COSH =
      real("cosh", UnaryOp.COSH, ofX((g, x) -> g.mul(x.sinh())));

  /** Inverse hyperbolic sine. */
  public static final UnaryFunction ASINH =
      real("asinh", UnaryOp.ASINH, ofX((g, x) -> g.mul(x.mul(x).add(1).rsqrt())));

  /** Inverse hyperbolic cosine. */
  public static final UnaryFunction ACOSH =
      real("acosh", UnaryOp.ACOSH, ofX((g, x) -> g.mul(x.mul(x).sub(1).rsqrt())));

  /** Inverse hyperbolic tangent. */
  public static final UnaryFunction ATANH =
      real("atanh", UnaryOp.ATANH, ofX((g, x) -> g.div(x.mul(x).neg().add(1))));

  /** Error function. */
  public static final UnaryFunction ERF = real("erf", UnaryOp.ERF, ofX((g, x) -> g.mul(bell(x))));

  /** 1 − erf(this), exact where that is small. */
  public static final UnaryFunction ERFC =
      real("erfc", UnaryOp.ERFC, ofX((g, x) -> g.mul(bell(x)).neg()));

  /** Inverse of the error function. */
  public static final UnaryFunction ERFINV =
      real(
          "erfinv", UnaryOp.ERFINV, ofY((g, y) -> g.mul(y.mul(y).exp()).mul(1 / TWO_OVER_ROOT_PI)));

  /** Logarithm of the absolute value of the gamma function. */
  public static final UnaryFunction LGAMMA =
      real("lgamma", UnaryOp.LGAMMA, ofX((g, x) -> g.mul(x.digamma())));

  /** Derivative of {@link Tensor#lgamma}. */
  public static final UnaryFunction DIGAMMA =
      real("digamma", UnaryOp.DIGAMMA, ofX((g, x) -> g.mul(x.polygamma(1))));

  // ---- two tensors

  /** this + other. */
  public static final BinaryFunction ADD =
      arithmetic(
          "add",
          BinaryOp.ADD,
          Accepted.ANY,
          BinaryFunction.Gradient.of(g -> g),
          BinaryFunction.Gradient.of(g -> g));

  /**
   * this − other.
   *
   * @throws IllegalArgumentException if one of them is BOOL
   */
  public static final BinaryFunction SUB =
      arithmetic(
          "sub",
          BinaryOp.SUB,
          Accepted.notBool(SUBTRACTED_TRUTH),
          BinaryFunction.Gradient.of(g -> g),
          BinaryFunction.Gradient.of(g -> g.mul(-1)));

  /** this · other. */
  public static final BinaryFunction MUL =
      arithmetic(
          "mul",
          BinaryOp.MUL,
          Accepted.ANY,
          ofB((g, a, b) -> Pointwise.MUL.of(g, b)),
          ofA((g, a) -> g.mul(a)));

  /** this / other; integers are divided as FLOAT32. */
  public static final BinaryFunction DIV =
      arithmetic(
          "div",
          BinaryOp.DIV,
          Accepted.REAL,
          ofB((g, a, b) -> Pointwise.DIV.of(g, b)),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b).div(b))));

  /** this to the power of other. */
  @Forms(number = false)
  public static final BinaryFunction POW =
      arithmetic(
          "pow",
          BinaryOp.POW,
          Accepted.numeric("pow"),
          ofBoth(Pointwise::slopeOfPower),
          ofTensors(
              (g, a, b) -> {
                Tensor slope = a.pow(b).mul(a.log());
                return g.mul(zeroWhere(a.eq(0).logicalAnd(b.ge(0)), slope));
              }));

  /** The larger of each two elements; NaN if either is. Equal ones share the gradient. */
  @Forms(inPlace = false)
  public static final BinaryFunction MAXIMUM =
      arithmetic(
          "maximum",
          BinaryOp.MAXIMUM,
          Accepted.ANY,
          ofBoth((g, a, b) -> share(g, Pointwise.LT.of(a, b), Pointwise.EQ.of(a, b))),
          ofTensors((g, a, b) -> share(g, b.lt(a), b.eq(a))));

  /** The smaller of each two elements; NaN if either is. Equal ones share the gradient. */
  @Forms(inPlace = false)
  public static final BinaryFunction MINIMUM =
      arithmetic(
          "minimum",
          BinaryOp.MINIMUM,
          Accepted.ANY,
          ofBoth((g, a, b) -> share(g, Pointwise.GT.of(a, b), Pointwise.EQ.of(a, b))),
          ofTensors((g, a, b) -> share(g, b.gt(a), b.eq(a))));

  /** 0 where a ≤ 0, else b: the gradient of {@link #RELU}, flat in a. */
  static final BinaryFunction RELU_GRAD =
      row(
          "reluGrad",
          BinaryOp.RELU_GRAD,
          Accepted.ANY,
          ZERO,
          ofA((g, a) -> Pointwise.RELU_GRAD.of(a, g)));

  /** The derivative of order b of {@link #DIGAMMA} at a. */
  static final BinaryFunction POLYGAMMA =
      arithmetic(
          "polygamma",
          BinaryOp.POLYGAMMA,
          Accepted.REAL,
          ofBoth((g, a, b) -> g.mul(Pointwise.POLYGAMMA.of(a, b.number().intValue() + 1))),
          NONE);

  /** The angle of the point (other, this), from −π to π. The gradient at the origin is 0. */
  @Forms(number = false)
  public static final BinaryFunction ATAN2 =
      row(
          "atan2",
          BinaryOp.ATAN2,
          Accepted.REAL,
          ofTensors((g, a, b) -> g.mul(b).mul(inverseSquare(a, b))),
          ofTensors((g, a, b) -> g.mul(a.neg()).mul(inverseSquare(a, b))));

  /** √(this² + other²). */
  @Forms(number = false)
  public static final BinaryFunction HYPOT =
      row(
          "hypot",
          BinaryOp.HYPOT,
          Accepted.floating("hypot_cpu"),
          ofTensors((g, a, b) -> g.mul(a.div(a.hypot(b)))),
          ofTensors((g, a, b) -> g.mul(b.div(a.hypot(b)))));

  /** The remainder of this / other rounded to 0: it has the sign of this. */
  public static final BinaryFunction FMOD =
      row(
          "fmod",
          BinaryOp.FMOD,
          Accepted.numeric("fmod_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.TRUNC))));

  /** The remainder of this / other rounded down: it has the sign of other, as in Python. */
  public static final BinaryFunction REMAINDER =
      row(
          "remainder",
          BinaryOp.REMAINDER,
          Accepted.numeric("remainder_cpu"),
          BinaryFunction.Gradient.of(g -> g),
          ofTensors((g, a, b) -> g.neg().mul(a.div(b, RoundingMode.FLOOR))));

  /** this / other rounded down. Backward throws: there is no gradient. */
  public static final BinaryFunction FLOOR_DIVIDE =
      row("floorDivide", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), NONE, NONE);

  /** {@code div} rounded down. */
  static final BinaryFunction DIV_FLOOR =
      row("div", BinaryOp.FLOOR_DIVIDE, Accepted.numeric("div_floor_cpu"), ZERO, ZERO);

  /** {@code div} rounded to 0. */
  static final BinaryFunction DIV_TRUNC =
      row("div", BinaryOp.TRUNC_DIVIDE, Accepted.numeric("div_trunc_cpu"), ZERO, ZERO);

  /** |this| with the sign of other. */
  public static final BinaryFunction COPYSIGN =
      row(
          "copysign",
          BinaryOp.COPYSIGN,
          Accepted.REAL,
          ofTensors((g, a, b) -> g.mul(zeroWhere(a.eq(0), a.copysign(b).div(a)))),
          ZERO);

  /** The larger of each two elements; the number if one is NaN. This gets the gradient if equal. */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction FMAX =
      row(
          "fmax",
          BinaryOp.FMAX,
          Accepted.ANY,
          ofTensors((g, a, b) -> onlyWhere(a.ge(b).logicalOr(b.isnan()), g)),
          ofTensors((g, a, b) -> zeroWhere(a.ge(b).logicalOr(b.isnan()), g)));

  /**
   * The smaller of each two elements; the number if one is NaN. This gets the gradient if equal.
   */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction FMIN =
      row(
          "fmin",
          BinaryOp.FMIN,
          Accepted.ANY,
          ofTensors((g, a, b) -> onlyWhere(a.le(b).logicalOr(b.isnan()), g)),
          ofTensors((g, a, b) -> zeroWhere(a.le(b).logicalOr(b.isnan()), g)));

  /** this · ln other, and 0 where this is 0. */
  public static final BinaryFunction XLOGY =
      row(
          "xlogy",
          BinaryOp.XLOGY,
          Accepted.REAL,
          ofTensors((g, a, b) -> zeroWhere(a.eq(0).logicalAnd(b.le(0)), g.xlogy(b))),
          ofTensors((g, a, b) -> g.mul(a).div(b)));

  /** ln(e to the power of this + e to the power of other), without overflow. */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction LOG_ADD_EXP =
      row(
          "logAddExp",
          BinaryOp.LOG_ADD_EXP,
          Accepted.FLOATING,
          ofTensors((g, a, b) -> g.div(b.sub(a).exp().add(1))),
          ofTensors((g, a, b) -> g.div(a.sub(b).exp().add(1))));

  /** log₂(2 to the power of this + 2 to the power of other), without overflow. */
  @Forms(number = false, inPlace = false)
  public static final BinaryFunction LOG_ADD_EXP2 =
      row(
          "logAddExp2",
          BinaryOp.LOG_ADD_EXP2,
          Accepted.FLOATING,
          ofTensors((g, a, b) -> g.div(b.sub(a).exp2().add(1))),
          ofTensors((g, a, b) -> g.div(a.sub(b).exp2().add(1))));

  /** 0, other or 1 where this is negative, 0 or positive. Backward throws: there is no gradient. */
  @Forms(number = false)
  public static final BinaryFunction HEAVISIDE =
      row("heaviside", BinaryOp.HEAVISIDE, Accepted.ANY, NONE, NONE);

  /** And of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_AND =
      row("bitwiseAnd", BinaryOp.BITWISE_AND, Accepted.BITS, NONE, NONE);

  /** Or of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_OR =
      row("bitwiseOr", BinaryOp.BITWISE_OR, Accepted.BITS, NONE, NONE);

  /** Exclusive or of the bits of integers, or of BOOL. */
  public static final BinaryFunction BITWISE_XOR =
      row("bitwiseXor", BinaryOp.BITWISE_XOR, Accepted.BITS, NONE, NONE);

  /** Integers shifted left by other bits. */
  public static final BinaryFunction SHIFT_LEFT =
      row("bitwiseLeftShift", BinaryOp.SHIFT_LEFT, Accepted.INTEGERS, NONE, NONE);

  /** Integers shifted right by other bits, the sign kept. */
  public static final BinaryFunction SHIFT_RIGHT =
      row("bitwiseRightShift", BinaryOp.SHIFT_RIGHT, Accepted.INTEGERS, NONE, NONE);

  /** Greatest common divisor of integers. */
  @Forms(number = false)
  public static final BinaryFunction GCD = row("gcd", BinaryOp.GCD, Accepted.INTEGERS, NONE, NONE);

  /** Least common multiple of integers. */
  @Forms(number = false)
  public static final BinaryFunction LCM = row("lcm", BinaryOp.LCM, Accepted.INTEGERS, NONE, NONE);

  // ---- conditions

  /** BOOL: whether this equals other. */
  public static final BinaryFunction EQ = condition("eq", BinaryOp.EQ);

  /** BOOL: whether this does not equal other. */
  public static final BinaryFunction NE = condition("ne", BinaryOp.NE);

  /** BOOL: whether this is less than other. */
  public static final BinaryFunction LT = condition("lt", BinaryOp.LT);

  /** BOOL: whether this is at most other. */
  public static final BinaryFunction LE = condition("le", BinaryOp.LE);

  /** BOOL: whether this is greater than other. */
  public static final BinaryFunction GT = condition("gt", BinaryOp.GT);

  /** BOOL: whether this is at least other. */
  public static final BinaryFunction GE = condition("ge", BinaryOp.GE);

  /** BOOL: whether both are not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_AND = condition("logicalAnd", BinaryOp.LOGICAL_AND);

  /** BOOL: whether one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_OR = condition("logicalOr", BinaryOp.LOGICAL_OR);

  /** BOOL: whether just one is not 0. */
  @Forms(number = false)
  public static final BinaryFunction LOGICAL_XOR = condition("logicalXor", BinaryOp.LOGICAL_XOR);

  private Pointwise() {}

  private static UnaryFunction row(
      String name, UnaryOp kernel, Accepted accepted, UnaryFunction.Gradient gradient) {
    return new UnaryFunction(name, kernel, accepted, gradient);
  }

  private static UnaryFunction real(String name, UnaryOp kernel, UnaryFunction.Gradient gradient) {
    return row(name, kernel, Accepted.REAL, gradient);
  }

  private static BinaryFunction row(
      String name,
      BinaryOp kernel,
      Accepted accepted,
      BinaryFunction.Gradient ofA,
      BinaryFunction.Gradient ofB) {
    return new BinaryFunction(name, kernel, false, accepted, ofA, ofB);
  }

  /** A row whose kernel takes numbers. */
  private static BinaryFunction arithmetic(
      String name,
      BinaryOp kernel,
      Accepted accepted,
      BinaryFunction.Gradient ofA,
      BinaryFunction.Gradient ofB) {
    return new BinaryFunction(name, kernel, true, accepted, ofA, ofB);
  }

  private static BinaryFunction condition(String name, BinaryOp kernel) {
    return arithmetic(name, kernel, Accepted.ANY, NONE, NONE);
  }

  private static Tensor bell(Tensor x) {
    return x.mul(x).neg().exp().mul(TWO_OVER_ROOT_PI);
  }

  /** g·b·aᵇ⁻¹; 0 where b is 0, since the result does not depend on a there, not even at a = 0. */
  private static Tensor slopeOfPower(Tensor g, Tensor a, Operand b) {
    Number c = b.number();
    if (c == null) {
      Tensor power = b.tensor();
      return zeroWhere(power.eq(0), g.mul(power.mul(a.pow(power.sub(1)))));
    }
    return c.doubleValue() == 0 ? Tensor.zerosLike(g) : g.mul(a.pow(c.doubleValue() - 1).mul(c));
  }

  /** The part of a gradient: none for the loser, half for an equal, all at NaN. */
  private static Tensor share(Tensor g, Tensor isLoser, Tensor isEqual) {
    return zeroWhere(isLoser, Tensor.where(isEqual, g.mul(0.5), g));
  }

  private static Tensor zeroWhere(Tensor condition, Tensor x) {
    return Tensor.where(condition, Tensor.zerosLike(x), x);
  }

  private static Tensor onlyWhere(Tensor condition, Tensor x) {
    return Tensor.where(condition, x, Tensor.zerosLike(x));
  }

  /** 1/(a² + b²), 0 at the origin. */
  private static Tensor inverseSquare(Tensor a, Tensor b) {
    Tensor square = a.mul(a).add(b.mul(b));
    return zeroWhere(square.eq(0), square.reciprocal());
  }
}
