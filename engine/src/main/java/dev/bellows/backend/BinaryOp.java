package dev.bellows.backend;

import static dev.bellows.backend.Formula.division;
import static dev.bellows.backend.Formula.fast;
import static dev.bellows.backend.Formula.wide;

import dev.bellows.backend.Formula.DoubleCondition;
import dev.bellows.backend.Formula.LongCondition;
import dev.bellows.backend.Formula.OfLongs;
import java.util.function.DoubleBinaryOperator;

/**
 * Elementwise functions of two arguments, one row each: the formula for floating element types, and
 * the one for whole numbers and BOOL; a row with one formula takes those types only. Integers wrap
 * around, and a divisor of 0 throws an {@link ArithmeticException}.
 */
public enum BinaryOp implements PointwiseOp<DoubleBinaryOperator, OfLongs> {
  ADD(fast("x + y", (x, y) -> x + y), fast("(u64)x + (u64)y", (x, y, t) -> x + y)),
  SUB(fast("x - y", (x, y) -> x - y), fast("(u64)x - (u64)y", (x, y, t) -> x - y)),
  MUL(fast("x * y", (x, y) -> x * y), fast("(u64)x * (u64)y", (x, y, t) -> x * y)),
  /** Truncated for integers. */
  DIV(fast("x / y", (x, y) -> x / y), division("quotient(x, y)", (x, y, t) -> x / y)),
  /** Exact for integers: a negative power is 0 unless the base is 1 or −1. */
  POW(
      wide("x == 1 || (x == -1 && isinf(y)) ? 1 : pow(x, y)", SpecialFunctions::pow),
      fast("power(x, y)", (x, y, t) -> SpecialFunctions.pow(x, y))),
  /** NaN if either is. */
  MAXIMUM(fast("maximum(x, y)", Math::max), fast("maximum(x, y)", (x, y, t) -> Math.max(x, y))),
  /** NaN if either is. */
  MINIMUM(fast("minimum(x, y)", Math::min), fast("minimum(x, y)", (x, y, t) -> Math.min(x, y))),
  /** 0 where {@code x <= 0}, else {@code y}: the gradient of ReLU from its output or input. */
  RELU_GRAD(
      fast("x <= 0 ? 0 : y", (x, y) -> x <= 0 ? 0 : y),
      fast("x > 0 ? y : 0", (x, y, t) -> x > 0 ? y : 0)),
  /** The angle of the point (y, x). */
  ATAN2(wide("atan2(x, y)", StrictMath::atan2)),
  HYPOT(wide("hypot(x, y)", StrictMath::hypot)),
  /** The remainder of the quotient rounded to 0: it has the sign of x. */
  FMOD(wide("fmod(x, y)", (x, y) -> x % y), division("rest(x, y)", (x, y, t) -> x % y)),
  /** The remainder of the quotient rounded down: it has the sign of y. */
  REMAINDER(
      wide("remainderOf(x, y)", SpecialFunctions::remainder),
      division("floorRest(x, y)", (x, y, t) -> Math.floorMod(x, y))),
  /** The quotient rounded down. */
  FLOOR_DIVIDE(
      wide("floorDivide(x, y)", SpecialFunctions::floorDivide),
      division("floorQuotient(x, y)", (x, y, t) -> Math.floorDiv(x, y))),
  /** The quotient rounded to 0. */
  TRUNC_DIVIDE(
      wide("truncated(x / y)", (x, y) -> SpecialFunctions.trunc(x / y)),
      division("quotient(x, y)", (x, y, t) -> x / y)),
  /** |x| with the sign of y. */
  COPYSIGN(fast("copysign(x, y)", SpecialFunctions::copySign)),
  /** The larger; the number where one is NaN. */
  FMAX(
      fast(
          "isNan(x) ? y : isNan(y) ? x : maximum(x, y)",
          (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y)),
      fast("larger(x, y)", (x, y, t) -> Math.max(x, y))),
  /** The smaller; the number where one is NaN. */
  FMIN(
      fast(
          "isNan(x) ? y : isNan(y) ? x : minimum(x, y)",
          (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y)),
      fast("smaller(x, y)", (x, y, t) -> Math.min(x, y))),
  /** x · ln y, 0 where x is 0 unless y is NaN. */
  XLOGY(
      wide(
          "isNan(y) ? y : x == 0 ? 0 : x * log(y)",
          (x, y) -> Double.isNaN(y) ? y : x == 0 ? 0 : x * StrictMath.log(y))),
  /** ln(eˣ + eʸ). */
  LOG_ADD_EXP(wide("logAddExp(x, y)", SpecialFunctions::logAddExp)),
  /** log₂(2ˣ + 2ʸ). */
  LOG_ADD_EXP2(wide("logAddExp2(x, y)", SpecialFunctions::logAddExp2)),
  /** The derivative of order y of the digamma function at x; y is a whole number ≥ 0. */
  POLYGAMMA(wide("polygamma(x, y)", SpecialFunctions::polygamma)),
  /** 0, y or 1 where x is negative, 0 or positive. */
  HEAVISIDE(
      fast("x == 0 ? y : (C)(x > 0)", (x, y) -> x == 0 ? y : x > 0 ? 1 : 0),
      fast("x == 0 ? y : x > 0", (x, y, t) -> x == 0 ? y : x < 0 ? 0 : 1)),
  BITWISE_AND(null, fast("x & y", (x, y, t) -> x & y)),
  BITWISE_OR(null, fast("x | y", (x, y, t) -> x | y)),
  BITWISE_XOR(null, fast("x ^ y", (x, y, t) -> x ^ y)),
  /** 0 where y is negative or no less than the number of bits. */
  SHIFT_LEFT(
      null,
      fast(
          "y < 0 || y >= 8 * (i64)sizeof(A::T) ? 0 : (u64)x << y",
          (x, y, t) -> y < 0 || y >= 8L * t.bytes() ? 0 : x << y)),
  /** Keeps the sign; all sign where y is negative or no less than the number of bits. */
  SHIFT_RIGHT(
      null, fast("x >> (y < 0 || y > 63 ? 63 : y)", (x, y, t) -> x >> (y < 0 || y > 63 ? 63 : y))),
  GCD(
      null,
      fast(
          "greatestCommonDivisor(x, y)",
          (x, y, t) -> SpecialFunctions.greatestCommonDivisor(x, y))),
  LCM(
      null,
      fast("leastCommonMultiple(x, y)", (x, y, t) -> SpecialFunctions.leastCommonMultiple(x, y))),
  EQ("x == y", (x, y) -> x == y, (x, y) -> x == y),
  NE("x != y", (x, y) -> x != y, (x, y) -> x != y),
  LT("x < y", (x, y) -> x < y, (x, y) -> x < y),
  LE("x <= y", (x, y) -> x <= y, (x, y) -> x <= y),
  GT("x > y", (x, y) -> x > y, (x, y) -> x > y),
  GE("x >= y", (x, y) -> x >= y, (x, y) -> x >= y),
  LOGICAL_AND("x != 0 && y != 0", (x, y) -> x != 0 && y != 0, (x, y) -> x != 0 && y != 0),
  LOGICAL_OR("x != 0 || y != 0", (x, y) -> x != 0 || y != 0, (x, y) -> x != 0 || y != 0),
  LOGICAL_XOR(
      "(x != 0) != (y != 0)", (x, y) -> (x != 0) != (y != 0), (x, y) -> (x != 0) != (y != 0));

  private final Row<DoubleBinaryOperator, OfLongs> row;

  BinaryOp(Formula<DoubleBinaryOperator> real) {
    this(real, null);
  }

  BinaryOp(Formula<DoubleBinaryOperator> real, Formula<OfLongs> whole) {
    boolean divides = whole != null && whole.form() == Formula.Form.DIVISION;
    this.row = new Row<>("binary " + name(), real, divides ? checked(whole) : whole, false);
  }

  /** A condition, which gives BOOL. */
  BinaryOp(String cuda, DoubleCondition real, LongCondition whole) {
    this.row =
        new Row<>(
            "binary " + name(),
            fast(cuda, (x, y) -> real.test(x, y) ? 1 : 0),
            fast(cuda, (x, y, t) -> whole.test(x, y) ? 1 : 0),
            true);
  }

  private Formula<OfLongs> checked(Formula<OfLongs> formula) {
    OfLongs function = formula.function();
    return division(
        formula.cuda(),
        (x, y, t) -> {
          KernelErrors.checkDivisor("binary " + name(), x, y);
          return function.apply(x, y, t);
        });
  }

  @Override
  public Row<DoubleBinaryOperator, OfLongs> row() {
    return row;
  }
}
