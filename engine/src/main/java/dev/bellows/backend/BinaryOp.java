package dev.bellows.backend;

import static dev.bellows.backend.Formula.division;
import static dev.bellows.backend.Formula.fast;
import static dev.bellows.backend.Formula.wide;

import dev.bellows.backend.Formula.DoubleCondition;
import dev.bellows.backend.Formula.OfLongs;
import java.util.function.DoubleBinaryOperator;

/**
 * Elementwise functions of two arguments, one row each: the formula for floating element types, and
 * the one for whole numbers and BOOL; a row with one formula takes those types only. Integers wrap
 * around, and a divisor of 0 throws an {@link ArithmeticException}.
 */
public enum BinaryOp implements PointwiseOp<DoubleBinaryOperator, OfLongs> {
  ADD,
  SUB,
  MUL,
  /** Truncated for integers. */
  DIV,
  /** Exact for integers: a negative power is 0 unless the base is 1 or −1. */
  POW,
  /** NaN if either is. */
  MAXIMUM,
  /** NaN if either is. */
  MINIMUM,
  /** 0 where {@code x <= 0}, else {@code y}: the gradient of ReLU from its output or input. */
  RELU_GRAD,
  /** The angle of the point (y, x). */
  ATAN2,
  HYPOT,
  /** The remainder of the quotient rounded to 0: it has the sign of x. */
  FMOD,
  /** The remainder of the quotient rounded down: it has the sign of y. */
  REMAINDER,
  /** The quotient rounded down. */
  FLOOR_DIVIDE,
  /** The quotient rounded to 0. */
  TRUNC_DIVIDE,
  /** |x| with the sign of y. */
  COPYSIGN,
  /** The larger; the number where one is NaN. */
  FMAX,
  /** The smaller; the number where one is NaN. */
  FMIN,
  /** x · ln y, 0 where x is 0 unless y is NaN. */
  XLOGY,
  /** ln(eˣ + eʸ). */
  LOG_ADD_EXP,
  /** log₂(2ˣ + 2ʸ). */
  LOG_ADD_EXP2,
  /** The derivative of order y of the digamma function at x; y is a whole number ≥ 0. */
  POLYGAMMA,
  /** 0, y or 1 where x is negative, 0 or positive. */
  HEAVISIDE,
  /** x where x is positive, else y · (eˣ − 1). */
  ELU,
  /** x where x is positive, else y · x. */
  LEAKY_RELU,
  BITWISE_AND,
  BITWISE_OR,
  BITWISE_XOR,
  /** 0 where y is negative or no less than the number of bits. */
  SHIFT_LEFT,
  /** Keeps the sign; all sign where y is negative or no less than the number of bits. */
  SHIFT_RIGHT,
  GCD,
  LCM,
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE,
  LOGICAL_AND,
  LOGICAL_OR,
  LOGICAL_XOR;

  private Row<DoubleBinaryOperator, OfLongs> row;

  /** Returns the row; its functions are linked when a row is first used. */
  @Override
  public Row<DoubleBinaryOperator, OfLongs> row() {
    if (row == null) {
      row = arithmetic();
    }
    return row;
  }

  private Row<DoubleBinaryOperator, OfLongs> arithmetic() {
    return switch (this) {
      case ADD -> row(fast("x + y", (x, y) -> x + y), fast("(u64)x + (u64)y", (x, y, t) -> x + y));
      case SUB -> row(fast("x - y", (x, y) -> x - y), fast("(u64)x - (u64)y", (x, y, t) -> x - y));
      case MUL -> row(fast("x * y", (x, y) -> x * y), fast("(u64)x * (u64)y", (x, y, t) -> x * y));
      case DIV ->
          row(fast("x / y", (x, y) -> x / y), division("quotient(x, y)", (x, y, t) -> x / y));
      case POW ->
          row(
              wide("x == 1 || (x == -1 && isinf(y)) ? 1 : pow(x, y)", SpecialFunctions::pow),
              fast("power(x, y)", (x, y, t) -> SpecialFunctions.pow(x, y)));
      case MAXIMUM ->
          row(fast("maximum(x, y)", Math::max), fast("maximum(x, y)", (x, y, t) -> Math.max(x, y)));
      case MINIMUM ->
          row(fast("minimum(x, y)", Math::min), fast("minimum(x, y)", (x, y, t) -> Math.min(x, y)));
      case RELU_GRAD ->
          row(
              fast("x <= 0 ? 0 : y", (x, y) -> x <= 0 ? 0 : y),
              fast("x > 0 ? y : 0", (x, y, t) -> x > 0 ? y : 0));
      case ATAN2 -> row(wide("atan2(x, y)", StrictMath::atan2));
      case HYPOT -> row(wide("hypot(x, y)", StrictMath::hypot));
      case FMOD ->
          row(wide("fmod(x, y)", (x, y) -> x % y), division("rest(x, y)", (x, y, t) -> x % y));
      case REMAINDER ->
          row(
              wide("remainderOf(x, y)", SpecialFunctions::remainder),
              division("floorRest(x, y)", (x, y, t) -> Math.floorMod(x, y)));
      case FLOOR_DIVIDE ->
          row(
              wide("floorDivide(x, y)", SpecialFunctions::floorDivide),
              division("floorQuotient(x, y)", (x, y, t) -> Math.floorDiv(x, y)));
      case TRUNC_DIVIDE ->
          row(
              wide("truncated(x / y)", (x, y) -> SpecialFunctions.trunc(x / y)),
              division("quotient(x, y)", (x, y, t) -> x / y));
      default -> functions();
    };
  }

  private Row<DoubleBinaryOperator, OfLongs> functions() {
    return switch (this) {
      case COPYSIGN -> row(fast("copysign(x, y)", SpecialFunctions::copySign));
      case FMAX ->
          row(
              fast(
                  "isNan(x) ? y : isNan(y) ? x : maximum(x, y)",
                  (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y)),
              fast("larger(x, y)", (x, y, t) -> Math.max(x, y)));
      case FMIN ->
          row(
              fast(
                  "isNan(x) ? y : isNan(y) ? x : minimum(x, y)",
                  (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y)),
              fast("smaller(x, y)", (x, y, t) -> Math.min(x, y)));
      case XLOGY ->
          row(
              wide(
                  "isNan(y) ? y : x == 0 ? 0 : x * log(y)",
                  (x, y) -> Double.isNaN(y) ? y : x == 0 ? 0 : x * StrictMath.log(y)));
      case LOG_ADD_EXP -> row(wide("logAddExp(x, y)", SpecialFunctions::logAddExp));
      case LOG_ADD_EXP2 -> row(wide("logAddExp2(x, y)", SpecialFunctions::logAddExp2));
      case POLYGAMMA -> row(wide("polygamma(x, y)", SpecialFunctions::polygamma));
      case ELU ->
          row(wide("x > 0 ? x : y * expm1(x)", (x, y) -> x > 0 ? x : y * StrictMath.expm1(x)));
      case LEAKY_RELU -> row(fast("x > 0 ? x : y * x", (x, y) -> x > 0 ? x : y * x));
      case HEAVISIDE ->
          row(
              fast("x == 0 ? y : (C)(x > 0)", (x, y) -> x == 0 ? y : x > 0 ? 1 : 0),
              fast("x == 0 ? y : x > 0", (x, y, t) -> x == 0 ? y : x < 0 ? 0 : 1));
      default -> bitsAndConditions();
    };
  }

  private Row<DoubleBinaryOperator, OfLongs> bitsAndConditions() {
    return switch (this) {
      case BITWISE_AND -> row(null, fast("x & y", (x, y, t) -> x & y));
      case BITWISE_OR -> row(null, fast("x | y", (x, y, t) -> x | y));
      case BITWISE_XOR -> row(null, fast("x ^ y", (x, y, t) -> x ^ y));
      case SHIFT_LEFT ->
          row(
              null,
              fast(
                  "y < 0 || y >= 8 * (i64)sizeof(A::T) ? 0 : (u64)x << y",
                  (x, y, t) -> y < 0 || y >= 8L * t.bytes() ? 0 : x << y));
      case SHIFT_RIGHT ->
          row(
              null,
              fast(
                  "x >> (y < 0 || y > 63 ? 63 : y)", (x, y, t) -> x >> (y < 0 || y > 63 ? 63 : y)));
      case GCD ->
          row(
              null,
              fast(
                  "greatestCommonDivisor(x, y)",
                  (x, y, t) -> SpecialFunctions.greatestCommonDivisor(x, y)));
      case LCM ->
          row(
              null,
              fast(
                  "leastCommonMultiple(x, y)",
                  (x, y, t) -> SpecialFunctions.leastCommonMultiple(x, y)));
      case EQ -> condition("x == y", (x, y) -> x == y, (x, y, t) -> differ(x, y) ^ 1);
      case NE -> condition("x != y", (x, y) -> x != y, (x, y, t) -> differ(x, y));
      case LT -> condition("x < y", (x, y) -> x < y, (x, y, t) -> less(x, y));
      case LE -> condition("x <= y", (x, y) -> x <= y, (x, y, t) -> less(y, x) ^ 1);
      case GT -> condition("x > y", (x, y) -> x > y, (x, y, t) -> less(y, x));
      case GE -> condition("x >= y", (x, y) -> x >= y, (x, y, t) -> less(x, y) ^ 1);
      case LOGICAL_AND ->
          condition(
              "x != 0 && y != 0",
              (x, y) -> x != 0 && y != 0,
              (x, y, t) -> differ(x, 0) & differ(y, 0));
      case LOGICAL_OR ->
          condition("x != 0 || y != 0", (x, y) -> x != 0 || y != 0, (x, y, t) -> differ(x | y, 0));
      case LOGICAL_XOR ->
          condition(
              "(x != 0) != (y != 0)",
              (x, y) -> (x != 0) != (y != 0),
              (x, y, t) -> differ(x, 0) ^ differ(y, 0));
      default -> throw new AssertionError(this);
    };
  }

  private Row<DoubleBinaryOperator, OfLongs> row(Formula<DoubleBinaryOperator> real) {
    return row(real, null);
  }

  private Row<DoubleBinaryOperator, OfLongs> row(
      Formula<DoubleBinaryOperator> real, Formula<OfLongs> whole) {
    boolean divides = whole != null && whole.form() == Formula.Form.DIVISION;
    return new Row<>(operation(), real, divides ? checked(whole) : whole, false);
  }

  private Row<DoubleBinaryOperator, OfLongs> condition(
      String cuda, DoubleCondition real, OfLongs whole) {
    return new Row<>(
        operation(), fast(cuda, (x, y) -> real.test(x, y) ? 1 : 0), fast(cuda, whole), true);
  }

  /** Returns 1 if x &lt; y, else 0, without a branch, which random values would mispredict. */
  private static long less(long x, long y) {
    return (x - y ^ (x ^ y) & (x - y ^ x)) >>> 63; // right if x - y overflows, too
  }

  /** Returns 1 if x ≠ y, else 0, without a branch. */
  private static long differ(long x, long y) {
    return ((x ^ y) | -(x ^ y)) >>> 63;
  }

  private Formula<OfLongs> checked(Formula<OfLongs> formula) {
    OfLongs function = formula.function();
    return division(
        formula.cuda(),
        (x, y, t) -> {
          KernelErrors.checkDivisor(operation(), x, y);
          return function.apply(x, y, t);
        });
  }

  private String operation() {
    return "binary " + name();
  }
}
