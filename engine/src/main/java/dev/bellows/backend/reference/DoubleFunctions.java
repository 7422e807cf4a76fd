package dev.bellows.backend.reference;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;

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
          x[i] = Math.abs(x[i]);
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
      default -> throw new AssertionError(op);
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
          x[i] = x[i] > 0 ? y[i] : 0;
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          x[i] = rare(op, x[i], y[i]);
        }
      }
    }
  }

  private static double rare(BinaryOp op, double x, double y) {
    return switch (op) {
      case POW -> pow(x, y);
      case EQ -> truth(x == y);
      case NE -> truth(x != y);
      case LT -> truth(x < y);
      case LE -> truth(x <= y);
      case GT -> truth(x > y);
      case GE -> truth(x >= y);
      case LOGICAL_AND -> truth(x != 0 && y != 0);
      case LOGICAL_OR -> truth(x != 0 || y != 0);
      case LOGICAL_XOR -> truth((x != 0) != (y != 0));
      default -> throw new AssertionError(op);
    };
  }

  /** As IEEE 754 has it: unlike Java's, 1 to any power is 1, and so is −1 to an infinite one. */
  private static double pow(double x, double y) {
    if (x == 1 || (x == -1 && Double.isInfinite(y))) {
      return 1;
    }
    return StrictMath.pow(x, y);
  }

  private static double truth(boolean value) {
    return value ? 1 : 0;
  }
}
