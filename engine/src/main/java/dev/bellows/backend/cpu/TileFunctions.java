package dev.bellows.backend.cpu;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.reference.BinaryBlock;
import dev.bellows.backend.reference.UnaryBlock;
import dev.bellows.memory.DType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/**
 * Exponentials, logarithms, trigonometric and error functions of a block, made of those of {@link
 * DoubleTile}; a result depends on its argument only. Arguments that a function of the tile is not
 * for, which are rare, go to the formula of the operation's row, one by one.
 */
final class TileFunctions {
  private static final double MOST_EXPONENT = 700;
  private static final double MOST_ANGLE = 1e6;

  /** Powers of 2 from here on, and their inverses, are out of range of all types but double. */
  private static final double MOST_POWER = 500;

  private TileFunctions() {}

  /** A function on a tile: y = f(x) for the first n elements; x keeps its elements. */
  private interface Body {
    void apply(DoubleTile tile, double[] x, double[] y, int n);
  }

  /**
   * A function and the arguments it is for: those from least to most, or, where least is not
   * positive, those of a magnitude of at most {@code most}.
   *
   * @param precise whether it is accurate enough for FLOAT64
   */
  private record Function(double least, double most, boolean precise, Body body) {
    boolean takes(DoubleTile tile, double[] x, int n) {
      return least > 0 ? tile.areBetween(least, most, x, n) : tile.areWithin(most, x, n);
    }

    boolean takes(double x) {
      return least > 0 ? x >= least && x <= most : Math.abs(x) <= most;
    }
  }

  /**
   * Returns what makes the function of an operation for blocks of at most a number of elements, or
   * null if there is none for arrays of a type.
   */
  static IntFunction<UnaryBlock> unary(UnaryOp op, DType type) {
    if (type == DType.FLOAT32 && FloatTile.supports(op)) {
      return most -> floats(op, most);
    }
    Function function = type.isFloatingPoint() ? function(op) : null;
    if (function == null || (type == DType.FLOAT64 && !function.precise())) {
      return null;
    }
    DoubleUnaryOperator formula = op.real().function();
    return most -> new Patched(function, formula, most);
  }

  /** Returns as {@link #unary}, for an operation with a number as its second argument. */
  static IntFunction<UnaryBlock> withScalar(BinaryOp op, double scalar, DType type) {
    Function function = type.isFloatingPoint() ? function(op, scalar) : null;
    if (function == null || (type == DType.FLOAT64 && !function.precise())) {
      return null;
    }
    DoubleBinaryOperator formula = op.real().function();
    return most -> new Patched(function, x -> formula.applyAsDouble(x, scalar), most);
  }

  private static Function function(BinaryOp op, double y) {
    if (op == BinaryOp.ELU && y > 0 && y <= Float.MAX_VALUE) {
      return precise(Double.MAX_VALUE, (tile, x, out, n) -> elu(tile, x, y, out, n));
    }
    if (op == BinaryOp.LEAKY_RELU && y > 0 && y <= Float.MAX_VALUE) {
      return precise(Double.MAX_VALUE, (tile, x, out, n) -> leakyRelu(x, y, out, n));
    }
    // The kernels compute powers of ±½ as square roots.
    if (op != BinaryOp.POW || Math.abs(y) == 0.5 || !(Math.abs(y) <= Float.MAX_VALUE)) {
      return null;
    }
    Body body = smallPower(y);
    if (body != null) {
      return new Function(0, Double.MAX_VALUE, false, body);
    }
    if (y == 0 || y != Math.rint(y)) {
      return new Function(
          Double.MIN_NORMAL, Double.MAX_VALUE, false, (tile, x, out, n) -> pow(tile, x, y, out, n));
    }
    // The power of 0 is below or above the numbers of all types but double.
    return new Function(
        0, Double.MAX_VALUE, false, (tile, x, out, n) -> wholePower(tile, x, y, out, n));
  }

  /** Returns a function without logarithms, or null. */
  private static Body smallPower(double exponent) {
    if (exponent == 2) {
      return (tile, x, y, n) -> square(x, y, n);
    } else if (exponent == 3) {
      return (tile, x, y, n) -> cube(x, y, n);
    } else if (exponent == -1) {
      return (tile, x, y, n) -> invert(x, y, n);
    } else if (exponent == -2) {
      return (tile, x, y, n) -> {
        square(x, y, n);
        invert(y, y, n);
      };
    }
    return null;
  }

  private static void square(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * x[i];
    }
  }

  private static void cube(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * x[i] * x[i];
    }
  }

  private static void invert(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / x[i];
    }
  }

  private static void leakyRelu(double[] x, double slope, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], -0.0) + slope * Math.min(x[i], 0);
    }
  }

  private static void elu(DoubleTile tile, double[] x, double slope, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(Math.min(x[i], 0), -MOST_EXPONENT);
    }
    tile.expm1(y, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], -0.0) + slope * y[i];
    }
  }

  private static void pow(DoubleTile tile, double[] x, double exponent, double[] y, int n) {
    tile.log2(x, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(Math.min(y[i] * exponent, MOST_POWER), -MOST_POWER);
    }
    tile.exp2(y, y, n);
  }

  private static void wholePower(DoubleTile tile, double[] x, double exponent, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(x[i]);
    }
    pow(tile, y, exponent, y, n);
    if (exponent % 2 != 0) {
      for (int i = 0; i < n; i++) {
        y[i] = Math.copySign(y[i], x[i]);
      }
    }
  }

  /** Computes normal numbers of two uniform ones, as {@code RandomKind.NORMAL} says. */
  static final class BoxMuller implements BinaryBlock {
    private final DoubleTile tile;
    private final double[] angle;

    BoxMuller(int most) {
      this.tile = new DoubleTile(most);
      this.angle = new double[most];
    }

    @Override
    public void apply(double[] x, double[] y, int n) {
      for (int i = 0; i < n; i++) {
        angle[i] = 2 * Math.PI * y[i];
      }
      tile.cos(angle, angle, n);
      tile.log(x, x, n);
      for (int i = 0; i < n; i++) {
        x[i] = Math.sqrt(-2 * x[i]) * angle[i];
      }
    }
  }

  /** Computes powers of one block by another, for types narrower than double. */
  static final class Powers implements BinaryBlock {
    private final DoubleTile tile;
    private final double[] power;

    Powers(int most) {
      this.tile = new DoubleTile(most);
      this.power = new double[most];
    }

    @Override
    public void apply(double[] x, double[] y, int n) {
      boolean all = tile.areBetween(Double.MIN_NORMAL, Double.MAX_VALUE, x, n);
      all &= tile.areWithin(Double.MAX_VALUE, y, n);
      tile.log2(x, power, n);
      for (int i = 0; i < n; i++) {
        power[i] = Math.max(Math.min(power[i] * y[i], MOST_POWER), -MOST_POWER);
      }
      tile.exp2(power, power, n);
      DoubleBinaryOperator formula = all ? null : BinaryOp.POW.real().function();
      for (int i = 0; i < n; i++) {
        boolean inside =
            all
                || (x[i] >= Double.MIN_NORMAL
                    && x[i] <= Double.MAX_VALUE
                    && Math.abs(y[i]) <= Double.MAX_VALUE);
        x[i] = inside ? power[i] : formula.applyAsDouble(x[i], y[i]);
      }
    }
  }

  /** Computes the same bits as {@link FloatLoops} for arrays of any layout. */
  private static UnaryBlock floats(UnaryOp op, int most) {
    FloatTile tile = new FloatTile(most);
    float[] values = new float[most];
    return (x, n) -> {
      for (int i = 0; i < n; i++) {
        values[i] = (float) x[i];
      }
      tile.apply(op, values, n);
      for (int i = 0; i < n; i++) {
        x[i] = values[i];
      }
    };
  }

  /** A function with the formula for other arguments. */
  private static final class Patched implements UnaryBlock {
    private final Function function;
    private final DoubleUnaryOperator formula;
    private final DoubleTile tile;
    private final double[] given;

    Patched(Function function, DoubleUnaryOperator formula, int most) {
      this.function = function;
      this.formula = formula;
      this.tile = new DoubleTile(most);
      this.given = new double[most];
    }

    @Override
    public void apply(double[] x, int n) {
      System.arraycopy(x, 0, given, 0, n);
      boolean all = function.takes(tile, given, n);
      function.body().apply(tile, given, x, n);
      if (all) {
        return;
      }
      for (int i = 0; i < n; i++) {
        if (!function.takes(given[i])) {
          x[i] = formula.applyAsDouble(given[i]);
        }
      }
    }
  }

  private static Function function(UnaryOp op) {
    return switch (op) {
      case EXP -> precise(MOST_EXPONENT, DoubleTile::exp);
      case EXPM1 -> precise(MOST_EXPONENT, DoubleTile::expm1);
      case EXP2 -> precise(1000, DoubleTile::exp2);
      case LOG -> logarithm(DoubleTile::log);
      case LOG2 -> logarithm(DoubleTile::log2);
      case LOG10 -> logarithm(DoubleTile::log10);
      case LOG1P -> precise(Double.MAX_VALUE, TileFunctions::log1p);
      case SIN -> precise(MOST_ANGLE, DoubleTile::sin);
      case COS -> precise(MOST_ANGLE, DoubleTile::cos);
      case TAN -> precise(MOST_ANGLE, DoubleTile::tan);
      case SINH -> precise(MOST_EXPONENT, TileFunctions::sinh);
      case COSH -> precise(MOST_EXPONENT, TileFunctions::cosh);
      case ACOSH -> new Function(1, 1e150, true, TileFunctions::acosh);
      case ATANH -> precise(Math.nextDown(1.0), TileFunctions::atanh);
      case TANH -> precise(MOST_EXPONENT / 2, TileFunctions::tanh);
      case SIGMOID -> precise(MOST_EXPONENT, TileFunctions::sigmoid);
      case SILU -> precise(MOST_EXPONENT, TileFunctions::silu);
      case LOG_SIGMOID -> precise(MOST_EXPONENT, TileFunctions::logSigmoid);
      case MISH -> precise(MOST_EXPONENT / 3, TileFunctions::mish);
      case ERF -> new Function(0, Double.MAX_VALUE, false, DoubleTile::erf);
      default -> null;
    };
  }

  private static Function precise(double most, Body body) {
    return new Function(0, most, true, body);
  }

  private static Function logarithm(Body body) {
    return new Function(Double.MIN_NORMAL, Double.MAX_VALUE, true, body);
  }

  private static void sinh(DoubleTile tile, double[] x, double[] y, int n) {
    double[] negative = negative(x, n);
    tile.expm1(negative, negative, n);
    tile.expm1(x, y, n);
    halfDifference(y, negative, n);
  }

  private static void atanh(DoubleTile tile, double[] x, double[] y, int n) {
    double[] negative = negative(x, n);
    log1p(tile, negative.clone(), negative, n);
    log1p(tile, x, y, n);
    halfDifference(y, negative, n);
  }

  private static double[] negative(double[] x, int n) {
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = -x[i];
    }
    return y;
  }

  private static void halfDifference(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = 0.5 * (x[i] - y[i]);
    }
  }

  private static void cosh(DoubleTile tile, double[] x, double[] y, int n) {
    tile.exp(x, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = 0.5 * (y[i] + 1 / y[i]);
    }
  }

  /** log1p from −1 on is not finite, and −0 keeps its sign. */
  private static void log1p(DoubleTile tile, double[] x, double[] y, int n) {
    tile.log1p(x, y, n);
    for (int i = 0; i < n; i++) {
      if (!(x[i] > -1) || x[i] == 0) {
        y[i] = StrictMath.log1p(x[i]);
      }
    }
  }

  private static void acosh(DoubleTile tile, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double over = x[i] - 1;
      y[i] = over + Math.sqrt(2 * over + over * over);
    }
    tile.log1p(y, y, n);
  }

  private static void tanh(DoubleTile tile, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] + x[i];
    }
    tile.expm1(y, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = y[i] / (y[i] + 2);
    }
  }

  private static void sigmoid(DoubleTile tile, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -x[i];
    }
    tile.exp(y, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = 1 / (1 + y[i]);
    }
  }

  private static void silu(DoubleTile tile, double[] x, double[] y, int n) {
    sigmoid(tile, x, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * y[i];
    }
  }

  private static void logSigmoid(DoubleTile tile, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(x[i]);
    }
    tile.exp(y, y, n);
    tile.log1p(y, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(x[i], 0) - y[i];
    }
  }

  private static void mish(DoubleTile tile, double[] x, double[] y, int n) {
    tile.exp(x, y, n);
    for (int i = 0; i < n; i++) {
      double ratio = y[i] * (y[i] + 2);
      y[i] = x[i] * (ratio / (ratio + 2));
    }
  }
}
