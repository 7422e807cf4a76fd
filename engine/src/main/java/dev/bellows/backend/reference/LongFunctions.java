package dev.bellows.backend.reference;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.KernelErrors;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.DType;

/** Functions of blocks of integers, in place; truth is 1 or 0. What overflows wraps around. */
final class LongFunctions {
  private LongFunctions() {}

  static void apply(UnaryOp op, DType type, long[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = one(op, type, x[i]);
    }
  }

  private static long one(UnaryOp op, DType type, long x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case RELU -> Math.max(x, 0);
      case RECIPROCAL -> divide("unary RECIPROCAL", 1, x);
      case LOGICAL_NOT -> x == 0 ? 1 : 0;
      case BITWISE_NOT -> type == DType.BOOL ? 1 - x : ~x;
      case FLOOR, CEIL, ROUND, TRUNC -> x;
      default -> throw KernelErrors.floatingOnly("unary " + op, type);
    };
  }

  /** x[i] = op(x[i], y[i]). */
  static void apply(BinaryOp op, DType type, long[] x, long[] y, int n) {
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
      default -> {
        for (int i = 0; i < n; i++) {
          x[i] = one(op, type, x[i], y[i]);
        }
      }
    }
  }

  private static long one(BinaryOp op, DType type, long x, long y) {
    return switch (op) {
      case DIV -> divide("binary DIV", x, y);
      case POW -> pow(x, y);
      case TRUNC_DIVIDE -> divide("binary TRUNC_DIVIDE", x, y);
      case FLOOR_DIVIDE -> {
        checkDivisor("binary FLOOR_DIVIDE", x, y);
        yield Math.floorDiv(x, y);
      }
      case FMOD -> {
        checkDivisor("binary FMOD", x, y);
        yield x % y;
      }
      case REMAINDER -> {
        checkDivisor("binary REMAINDER", x, y);
        yield Math.floorMod(x, y);
      }
      case FMAX -> Math.max(x, y);
      case FMIN -> Math.min(x, y);
      case HEAVISIDE -> x == 0 ? y : x < 0 ? 0 : 1;
      case BITWISE_AND -> x & y;
      case BITWISE_OR -> x | y;
      case BITWISE_XOR -> x ^ y;
      case SHIFT_LEFT -> y < 0 || y >= 8L * type.bytes() ? 0 : x << y;
      case SHIFT_RIGHT -> x >> (y < 0 || y > 63 ? 63 : y);
      case GCD -> gcd(x, y);
      case LCM -> {
        long common = gcd(x, y);
        yield common == 0 ? 0 : Math.abs(x / common * y);
      }
      case MAXIMUM -> Math.max(x, y);
      case MINIMUM -> Math.min(x, y);
      case RELU_GRAD -> x > 0 ? y : 0;
      case EQ -> truth(x == y);
      case NE -> truth(x != y);
      case LT -> truth(x < y);
      case LE -> truth(x <= y);
      case GT -> truth(x > y);
      case GE -> truth(x >= y);
      case LOGICAL_AND -> truth(x != 0 && y != 0);
      case LOGICAL_OR -> truth(x != 0 || y != 0);
      case LOGICAL_XOR -> truth((x != 0) != (y != 0));
      default -> throw KernelErrors.floatingOnly("binary " + op, type);
    };
  }

  private static long divide(String operation, long x, long y) {
    checkDivisor(operation, x, y);
    return x / y;
  }

  private static void checkDivisor(String operation, long x, long y) {
    if (y == 0) {
      throw KernelErrors.divisor(operation, x);
    }
  }

  private static long gcd(long x, long y) {
    long a = Math.abs(x);
    long b = Math.abs(y);
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  /** By squaring; a negative power is 0 but for the bases 1 and −1, as in PyTorch. */
  private static long pow(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long square = base;
    for (long bits = exponent; bits != 0; bits >>>= 1) {
      if ((bits & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }
}
