package dev.bellows.backend;

import static dev.bellows.backend.Formula.division;
import static dev.bellows.backend.Formula.fast;
import static dev.bellows.backend.Formula.wide;

import dev.bellows.backend.Formula.OfLong;
import dev.bellows.memory.DType;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongPredicate;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErf;

/**
 * Elementwise functions of one argument, one row each: the formula for floating element types, and
 * the one for whole numbers and BOOL; a row with one formula takes those types only.
 */
public enum UnaryOp implements PointwiseOp<DoubleUnaryOperator, OfLong> {
  NEG,
  ABS,
  /** 0 for NaN. */
  SIGN,
  EXP,
  LOG,
  SQRT,
  /** Truncated to a whole number for integers. */
  RECIPROCAL,
  TANH,
  SIGMOID,
  /** Keeps NaN. */
  RELU,
  SIN,
  COS,
  LOGICAL_NOT,
  BITWISE_NOT,
  FLOOR,
  CEIL,
  /** Halves go to the even neighbour. */
  ROUND,
  TRUNC,
  RSQRT,
  EXP2,
  EXPM1,
  LOG2,
  LOG10,
  LOG1P,
  TAN,
  ASIN,
  ACOS,
  ATAN,
  SINH,
  COSH,
  ASINH,
  ACOSH,
  ATANH,
  ERF,
  ERFC,
  ERFINV,
  LGAMMA,
  DIGAMMA,
  /** x · sigmoid(x). */
  SILU,
  /** x times the distribution function of the normal distribution. */
  GELU,
  /** GELU with a hyperbolic tangent in place of the error function. */
  GELU_TANH,
  /** x · tanh(ln(1 + eˣ)). */
  MISH,
  /** ln(sigmoid(x)) without overflow. */
  LOG_SIGMOID;

  private Row<DoubleUnaryOperator, OfLong> row;

  /** Returns the row; its functions are linked when a row is first used. */
  @Override
  public Row<DoubleUnaryOperator, OfLong> row() {
    if (row == null) {
      row = formulas();
    }
    return row;
  }

  private Row<DoubleUnaryOperator, OfLong> formulas() {
    return switch (this) {
      case NEG -> row(fast("-x", x -> -x), fast("0 - (u64)x", (x, t) -> -x));
      case ABS ->
          row(fast("fabs(x)", SpecialFunctions::abs), fast("absolute(x)", (x, t) -> Math.abs(x)));
      case SIGN ->
          row(
              fast("x > 0 ? 1 : x < 0 ? -1 : 0", x -> x > 0 ? 1 : x < 0 ? -1 : 0),
              fast("(x > 0) - (x < 0)", (x, t) -> Long.signum(x)));
      case EXP -> row(fast("exp(x)", StrictMath::exp));
      case LOG -> row(fast("log(x)", StrictMath::log));
      case SQRT -> row(fast("sqrt(x)", Math::sqrt));
      case RECIPROCAL -> row(fast("1 / x", x -> 1 / x), division("1 / x", (x, t) -> 1 / x));
      case TANH -> row(fast("tanh(x)", StrictMath::tanh));
      case SIGMOID -> row(fast("1 / (1 + exp(-x))", x -> 1 / (1 + StrictMath.exp(-x))));
      case RELU ->
          row(
              fast("x <= 0 ? 0 : x", x -> x <= 0 ? 0 : x),
              fast("larger(x, (i64)0)", (x, t) -> Math.max(x, 0)));
      case SIN -> row(fast("sin(x)", StrictMath::sin));
      case COS -> row(fast("cos(x)", StrictMath::cos));
      case LOGICAL_NOT -> condition("x == 0", x -> x == 0, x -> x == 0);
      case BITWISE_NOT ->
          row(null, fast("inverted(x, A())", (x, t) -> t == DType.BOOL ? 1 - x : ~x));
      case FLOOR -> row(fast("floor(x)", Math::floor), fast("x", (x, t) -> x));
      case CEIL -> row(fast("ceil(x)", Math::ceil), fast("x", (x, t) -> x));
      case ROUND -> row(fast("rint(x)", SpecialFunctions::rint), fast("x", (x, t) -> x));
      case TRUNC -> row(fast("trunc(x)", SpecialFunctions::trunc), fast("x", (x, t) -> x));
      case RSQRT -> row(wide("1 / sqrt(x)", x -> 1 / Math.sqrt(x)));
      case EXP2 -> row(wide("exp2(x)", x -> StrictMath.pow(2, x)));
      case EXPM1 -> row(wide("expm1(x)", StrictMath::expm1));
      case LOG2 -> row(wide("log2(x)", SpecialFunctions::log2));
      case LOG10 -> row(wide("log10(x)", StrictMath::log10));
      case LOG1P -> row(wide("log1p(x)", StrictMath::log1p));
      case TAN -> row(wide("tan(x)", StrictMath::tan));
      case ASIN -> row(wide("asin(x)", StrictMath::asin));
      case ACOS -> row(wide("acos(x)", StrictMath::acos));
      case ATAN -> row(wide("atan(x)", StrictMath::atan));
      case SINH -> row(wide("sinh(x)", StrictMath::sinh));
      case COSH -> row(wide("cosh(x)", StrictMath::cosh));
      case ASINH -> row(wide("asinh(x)", SpecialFunctions::asinh));
      case ACOSH -> row(wide("acosh(x)", SpecialFunctions::acosh));
      case ATANH -> row(wide("atanh(x)", SpecialFunctions::atanh));
      case ERF -> row(wide("erf(x)", Erf::value));
      case ERFC -> row(wide("erfc(x)", Erfc::value));
      case ERFINV -> row(wide("erfinv(x)", InverseErf::value));
      case LGAMMA -> row(wide("logGamma(x)", SpecialFunctions::lgamma));
      case DIGAMMA -> row(wide("digamma(x)", SpecialFunctions::digamma));
      default -> activation();
    };
  }

  private Row<DoubleUnaryOperator, OfLong> activation() {
    return switch (this) {
      case SILU -> row(wide("x / (1 + exp(-x))", x -> x / (1 + StrictMath.exp(-x))));
      case GELU ->
          row(
              wide(
                  "0.5 * x * (1 + erf(x * 0.7071067811865476))",
                  x -> 0.5 * x * (1 + Erf.value(x * 0.7071067811865476))));
      case GELU_TANH ->
          row(
              wide(
                  "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))",
                  x ->
                      0.5
                          * x
                          * (1
                              + StrictMath.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))));
      case MISH ->
          row(
              wide(
                  "x * tanh(log1p(exp(x)))",
                  x -> x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x)))));
      case LOG_SIGMOID ->
          row(
              wide(
                  "(x > 0 ? 0 : x) - log1p(exp(-fabs(x)))",
                  x -> (x > 0 ? 0 : x) - StrictMath.log1p(StrictMath.exp(-Math.abs(x)))));
      default -> throw new AssertionError(this);
    };
  }

  private Row<DoubleUnaryOperator, OfLong> row(Formula<DoubleUnaryOperator> real) {
    return row(real, null);
  }

  private Row<DoubleUnaryOperator, OfLong> row(
      Formula<DoubleUnaryOperator> real, Formula<OfLong> whole) {
    boolean divides = whole != null && whole.form() == Formula.Form.DIVISION;
    return new Row<>(operation(), real, divides ? checked(whole) : whole, false);
  }

  private Row<DoubleUnaryOperator, OfLong> condition(
      String cuda, DoublePredicate real, LongPredicate whole) {
    return new Row<>(
        operation(),
        fast(cuda, x -> real.test(x) ? 1 : 0),
        fast(cuda, (x, t) -> whole.test(x) ? 1 : 0),
        true);
  }

  private Formula<OfLong> checked(Formula<OfLong> formula) {
    OfLong function = formula.function();
    return division(
        formula.cuda(),
        (x, t) -> {
          KernelErrors.checkDivisor(operation(), 1, x);
          return function.apply(x, t);
        });
  }

  private String operation() {
    return "unary " + name();
  }
}
