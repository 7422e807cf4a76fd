package dev.bellows.backend.reference;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.UnaryOp;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErf;

/** Functions of blocks of doubles, in place; truth is 1 or 0. One loop for each function. */
final class DoubleFunctions {
  private DoubleFunctions() {}

  static void apply(UnaryOp op, double[] x, int n) {
    switch (op) {
      case NEG -> {
        for (int i = 0; i < n; i++) {
          x[i] = -x[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < n; i++) {
          x[i] = copySign(x[i], 1); // Math.abs leaves the sign of NaN until it is compiled
        }
      }
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.sqrt(x[i]);
        }
      }
      case RECIPROCAL -> {
        for (int i = 0; i < n; i++) {
          x[i] = 1 / x[i];
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] <= 0 ? 0 : x[i];
        }
      }
      case EXP -> {
        for (int i = 0; i < n; i++) {
          x[i] = StrictMath.exp(x[i]);
        }
      }
      case LOG -> {
        for (int i = 0; i < n; i++) {
          x[i] = StrictMath.log(x[i]);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          x[i] = rare(op, x[i]);
        }
      }
    }
  }

  private static double rare(UnaryOp op, double x) {
    return switch (op) {
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case LOGICAL_NOT -> truth(x == 0);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> x != x ? x : Math.rint(x); // which loses the sign of NaN until compiled
      case TRUNC -> truncated(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case EXP2 -> StrictMath.pow(2, x);
      case EXPM1 -> StrictMath.expm1(x);
      case LOG2 -> SpecialFunctions.log2(x);
      case LOG10 -> StrictMath.log10(x);
      case LOG1P -> StrictMath.log1p(x);
      case TAN -> StrictMath.tan(x);
      case ASIN -> StrictMath.asin(x);
      case ACOS -> StrictMath.acos(x);
      case ATAN -> StrictMath.atan(x);
      case SINH -> StrictMath.sinh(x);
      case COSH -> StrictMath.cosh(x);
      case ASINH -> SpecialFunctions.asinh(x);
      case ACOSH -> SpecialFunctions.acosh(x);
      case ATANH -> SpecialFunctions.atanh(x);
      case ERF -> Erf.value(x);
      case ERFC -> Erfc.value(x);
      case ERFINV -> InverseErf.value(x);
      case LGAMMA -> SpecialFunctions.lgamma(x);
      case DIGAMMA -> SpecialFunctions.digamma(x);
      case TRIGAMMA -> SpecialFunctions.trigamma(x);
      default -> throw KernelErrors.integersOnly("unary " + op);
    };
  }

  /** x[i] = op(x[i], y[i]). */
  static void apply(BinaryOp op, double[] x, double[] y, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          x[i] += y[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          x[i] -= y[i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          x[i] *= y[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          x[i] /= y[i];
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.max(x[i], y[i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          x[i] = Math.min(x[i], y[i]);
        }
      }
      case RELU_GRAD -> {
        for (int i = 0; i < n; i++) {
          x[i] = x[i] <= 0 ? 0 : y[i];
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          x[i] = rare(op, x[i], y[i]);
        }
      }
    }
  }

  /** √x or 1 / √x, for a power of ½ or −½. */
  static void root(double power, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      double root = Math.sqrt(x[i]);
      x[i] = power < 0 ? 1 / root : root;
    }
  }

  private static double rare(BinaryOp op, double x, double y) {
    return switch (op) {
      case POW -> pow(x, y);
      case ATAN2 -> StrictMath.atan2(x, y);
      case HYPOT -> StrictMath.hypot(x, y);
      case FMOD -> x % y;
      case REMAINDER -> remainder(x, y);
      case FLOOR_DIVIDE -> floorDivide(x, y);
      case TRUNC_DIVIDE -> truncated(x / y);
      case COPYSIGN -> copySign(x, y);
      case FMAX -> x != x ? y : y != y ? x : Math.max(x, y);
      case FMIN -> x != x ? y : y != y ? x : Math.min(x, y);
      case XLOGY -> y != y ? y : x == 0 ? 0 : x * StrictMath.log(y);
      case LOG_ADD_EXP -> SpecialFunctions.logAddExp(x, y);
      case LOG_ADD_EXP2 -> SpecialFunctions.logAddExp2(x, y);
      case HEAVISIDE -> x == 0 ? y : truth(x > 0);
      case EQ -> truth(x == y);
      case NE -> truth(x != y);
      case LT -> truth(x < y);
      case LE -> truth(x <= y);
      case GT -> truth(x > y);
      case GE -> truth(x >= y);
      case LOGICAL_AND -> truth(x != 0 && y != 0);
      case LOGICAL_OR -> truth(x != 0 || y != 0);
      case LOGICAL_XOR -> truth((x != 0) != (y != 0));
      default -> throw KernelErrors.integersOnly("binary " + op);
    };
  }

  /** As IEEE 754 has it: unlike Java's, 1 to any power is 1, and so is −1 to an infinite one. */
  private static double pow(double x, double y) {
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1;
    }
    return StrictMath.pow(x, y);
  }

  /** With the sign bit of NaN too, which StrictMath's takes for positive. */
  private static double copySign(double x, double y) {
    long sign = Double.doubleToRawLongBits(y) & Long.MIN_VALUE;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & Long.MAX_VALUE | sign);
  }

  private static double truncated(double x) {
    return Math.copySign(Math.floor(Math.abs(x)), x);
  }

  private static double remainder(double x, double y) {
    double rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
  }

  /** As Python does it: the quotient without the remainder, rounded to the whole number it is. */
  private static double floorDivide(double x, double y) {
    if (y == 0) {
      return x / y;
    }
    double rest = x % y;
    double quotient = (x - rest) / y;
    if (rest != 0 && (y < 0) != (rest < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0, x / y);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double truth(boolean value) {
    return value ? 1 : 0;
  }
}
