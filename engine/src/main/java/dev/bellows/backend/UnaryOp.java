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
  NEG(fast("-x", x -> -x), fast("0 - (u64)x", (x, t) -> -x)),
  ABS(fast("fabs(x)", SpecialFunctions::abs), fast("absolute(x)", (x, t) -> Math.abs(x))),
  /** 0 for NaN. */
  SIGN(
      fast("x > 0 ? 1 : x < 0 ? -1 : 0", x -> x > 0 ? 1 : x < 0 ? -1 : 0),
      fast("(x > 0) - (x < 0)", (x, t) -> Long.signum(x))),
  EXP(fast("exp(x)", StrictMath::exp)),
  LOG(fast("log(x)", StrictMath::log)),
  SQRT(fast("sqrt(x)", Math::sqrt)),
  /** Truncated to a whole number for integers. */
  RECIPROCAL(fast("1 / x", x -> 1 / x), division("1 / x", (x, t) -> 1 / x)),
  TANH(fast("tanh(x)", StrictMath::tanh)),
  SIGMOID(fast("1 / (1 + exp(-x))", x -> 1 / (1 + StrictMath.exp(-x)))),
  /** Keeps NaN. */
  RELU(
      fast("x <= 0 ? 0 : x", x -> x <= 0 ? 0 : x),
      fast("larger(x, (i64)0)", (x, t) -> Math.max(x, 0))),
  SIN(fast("sin(x)", StrictMath::sin)),
  COS(fast("cos(x)", StrictMath::cos)),
  LOGICAL_NOT("x == 0", x -> x == 0, x -> x == 0),
  BITWISE_NOT(null, fast("inverted(x, A())", (x, t) -> t == DType.BOOL ? 1 - x : ~x)),
  FLOOR(fast("floor(x)", Math::floor), fast("x", (x, t) -> x)),
  CEIL(fast("ceil(x)", Math::ceil), fast("x", (x, t) -> x)),
  /** Halves go to the even neighbour. */
  ROUND(fast("rint(x)", SpecialFunctions::rint), fast("x", (x, t) -> x)),
  TRUNC(fast("trunc(x)", SpecialFunctions::trunc), fast("x", (x, t) -> x)),
  RSQRT(wide("1 / sqrt(x)", x -> 1 / Math.sqrt(x))),
  EXP2(wide("exp2(x)", x -> StrictMath.pow(2, x))),
  EXPM1(wide("expm1(x)", StrictMath::expm1)),
  LOG2(wide("log2(x)", SpecialFunctions::log2)),
  LOG10(wide("log10(x)", StrictMath::log10)),
  LOG1P(wide("log1p(x)", StrictMath::log1p)),
  TAN(wide("tan(x)", StrictMath::tan)),
  ASIN(wide("asin(x)", StrictMath::asin)),
  ACOS(wide("acos(x)", StrictMath::acos)),
  ATAN(wide("atan(x)", StrictMath::atan)),
  SINH(wide("sinh(x)", StrictMath::sinh)),
  COSH(wide("cosh(x)", StrictMath::cosh)),
  ASINH(wide("asinh(x)", SpecialFunctions::asinh)),
  ACOSH(wide("acosh(x)", SpecialFunctions::acosh)),
  ATANH(wide("atanh(x)", SpecialFunctions::atanh)),
  ERF(wide("erf(x)", Erf::value)),
  ERFC(wide("erfc(x)", Erfc::value)),
  ERFINV(wide("erfinv(x)", InverseErf::value)),
  LGAMMA(wide("logGamma(x)", SpecialFunctions::lgamma)),
  DIGAMMA(wide("digamma(x)", SpecialFunctions::digamma));

  private final Row<DoubleUnaryOperator, OfLong> row;

  UnaryOp(Formula<DoubleUnaryOperator> real) {
    this(real, null);
  }

  UnaryOp(Formula<DoubleUnaryOperator> real, Formula<OfLong> whole) {
    boolean divides = whole != null && whole.form() == Formula.Form.DIVISION;
    this.row = new Row<>("unary " + name(), real, divides ? checked(whole) : whole, false);
  }

  /** A condition, which gives BOOL. */
  UnaryOp(String cuda, DoublePredicate real, LongPredicate whole) {
    this.row =
        new Row<>(
            "unary " + name(),
            fast(cuda, x -> real.test(x) ? 1 : 0),
            fast(cuda, (x, t) -> whole.test(x) ? 1 : 0),
            true);
  }

  private Formula<OfLong> checked(Formula<OfLong> formula) {
    OfLong function = formula.function();
    return division(
        formula.cuda(),
        (x, t) -> {
          KernelErrors.checkDivisor("unary " + name(), 1, x);
          return function.apply(x, t);
        });
  }

  @Override
  public Row<DoubleUnaryOperator, OfLong> row() {
    return row;
  }
}
