package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ElementwiseContractTest extends BackendContract {
  // No backend has its own way to the other functions; they are compared with libtorch's.
  private static final Set<UnaryOp> UNARY = EnumSet.range(UnaryOp.NEG, UnaryOp.LOGICAL_NOT);
  private static final Set<BinaryOp> BINARY = EnumSet.range(BinaryOp.ADD, BinaryOp.LOGICAL_XOR);

  static {
    BINARY.removeAll(EnumSet.range(BinaryOp.ATAN2, BinaryOp.LCM));
  }

  private static double naive(UnaryOp op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> x < 0 ? -x : x;
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case TANH -> Math.tanh(x);
      case SIGMOID -> x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
      case RELU -> Math.max(x, 0);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case LOGICAL_NOT -> x == 0 ? 1 : 0;
      default -> throw new AssertionError(op);
    };
  }

  private static double naive(BinaryOp op, double x, double y) {
    return switch (op) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case POW -> x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : Math.pow(x, y);
      case MAXIMUM -> x != x || y != y ? Double.NaN : x > y ? x : y;
      case MINIMUM -> x != x || y != y ? Double.NaN : x < y ? x : y;
      case RELU_GRAD -> x <= 0 ? 0 : y;
      case EQ -> x == y ? 1 : 0;
      case NE -> x != y ? 1 : 0;
      case LT -> x < y ? 1 : 0;
      case LE -> x <= y ? 1 : 0;
      case GT -> x > y ? 1 : 0;
      case GE -> x >= y ? 1 : 0;
      case LOGICAL_AND -> x != 0 && y != 0 ? 1 : 0;
      case LOGICAL_OR -> x != 0 || y != 0 ? 1 : 0;
      case LOGICAL_XOR -> (x != 0) != (y != 0) ? 1 : 0;
      default -> throw new AssertionError(op);
    };
  }

  private static boolean exact(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, TANH, SIGMOID, SIN, COS -> false;
      default -> true;
    };
  }

  private void check(DType type, double[] expected, boolean exact, TestArray out, String what) {
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Tolerance.round(type, expected[i]);
    }
    if (exact) {
      assertExact(expected, out, "%s", what);
    } else {
      assertNear(expected, out, "%s", what);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void unary(Kernels kernels) {
    for (UnaryOp op : UNARY) {
      List<DType> types = new ArrayList<>(FLOATS);
      if (exact(op) && op != UnaryOp.SQRT && op != UnaryOp.RECIPROCAL) {
        types.addAll(INTEGERS);
      }
      for (DType type : types) {
        for (long[] shape : shapes()) {
          for (Layout layout : INPUTS) {
            unaryCase(kernels, op, type, shape, layout);
          }
        }
      }
    }
  }

  private void unaryCase(Kernels kernels, UnaryOp op, DType type, long[] shape, Layout layout) {
    TestArray a = array(type, layout, shape);
    double[] values = specialValues(type, a.numel());
    if (op == UnaryOp.SIN || op == UnaryOp.COS) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(-80, Math.min(80, values[i]));
      }
    }
    double[] x = a.set(values).values();
    DType result = op == UnaryOp.LOGICAL_NOT ? DType.BOOL : type;
    TestArray out = array(result, layout == Layout.EXPANDED ? any(OUTPUTS) : layout, shape);
    kernels.unary(op, a.array, out.array);
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = naive(op, x[i]);
    }
    check(result, expected, exact(op), out, op + " of " + a);
    if (result == type && layout != Layout.EXPANDED) {
      kernels.unary(op, a.array, a.array);
      check(result, expected, exact(op), a, op + " in place of " + a);
    }
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void binary(Kernels kernels) {
    for (BinaryOp op : BINARY) {
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32)) {
        for (long[] shape : shapes()) {
          for (Layout layout : INPUTS) {
            binaryCase(kernels, op, type, shape, layout, any(INPUTS));
            binaryCase(kernels, op, type, shape, layout, layout);
          }
        }
      }
    }
  }

  private void binaryCase(
      Kernels kernels, BinaryOp op, DType type, long[] shape, Layout layoutA, Layout layoutB) {
    TestArray a = array(type, layoutA, shape);
    TestArray b = array(type, layoutB, shape);
    double[] divisors = specialValues(type, b.numel());
    boolean integerPower = op == BinaryOp.POW && !type.isFloatingPoint();
    for (int i = 0; i < divisors.length; i++) {
      if (integerPower || (op == BinaryOp.DIV && !type.isFloatingPoint())) {
        divisors[i] = Math.abs(divisors[i]) + 1;
      }
    }
    double[] x = a.set(specialValues(type, a.numel())).values();
    double[] y = b.set(divisors).values();
    DType result = op.isLogical() ? DType.BOOL : type;
    Layout same = layoutA == Layout.EXPANDED ? any(OUTPUTS) : layoutA;
    TestArray out = array(result, same, shape);
    kernels.binary(op, a.array, b.array, out.array);
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = integerPower ? power((long) x[i], (long) y[i], type) : naive(op, x[i], y[i]);
    }
    boolean exact = op != BinaryOp.POW || integerPower;
    check(result, expected, exact, out, op + " of " + a + " and " + b);
    if (result == type && layoutA != Layout.EXPANDED) {
      kernels.binary(op, a.array, b.array, a.array);
      check(result, expected, exact, a, op + " in place of " + a + " and " + b);
    }
    endCase();
  }

  private static double power(long x, long y, DType type) {
    long power = 1;
    for (long i = 0; i < y; i++) {
      power *= x;
    }
    return type == DType.INT32 ? (int) power : power;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void binaryScalar(Kernels kernels) {
    for (BinaryOp op : BINARY) {
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.UINT8)) {
        for (long[] shape : shapes()) {
          for (Layout layout : INPUTS) {
            double scalar = type.isFloatingPoint() ? random.nextGaussian() : 2;
            TestArray a = array(type, layout, shape);
            double[] x = a.set(specialValues(type, a.numel())).values();
            DType result = op.isLogical() ? DType.BOOL : type;
            TestArray out = array(result, any(OUTPUTS), shape);
            kernels.binaryScalar(op, a.array, scalar, out.array);
            double[] expected = new double[x.length];
            for (int i = 0; i < x.length; i++) {
              expected[i] = naive(op, x[i], Tolerance.round(type, scalar));
            }
            check(result, expected, op != BinaryOp.POW, out, op + " of " + a + " and " + scalar);
            endCase();
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void powersOfAHalfAreRoots(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (double power : new double[] {0.5, -0.5}) {
        TestArray a = array(type, Layout.CONTIGUOUS, 40);
        double[] x = a.set(specialValues(type, a.numel())).values();
        TestArray out = array(type, Layout.CONTIGUOUS, 40);
        kernels.binaryScalar(BinaryOp.POW, a.array, power, out.array);
        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          expected[i] = power < 0 ? 1 / Math.sqrt(x[i]) : Math.sqrt(x[i]);
        }
        check(
            type, expected, type == DType.FLOAT64 || power > 0, out, "power " + power + " of " + a);
        endCase();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void halvesAreComparedWithWhatTheyCanHold(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      for (BinaryOp op : List.of(BinaryOp.EQ, BinaryOp.LT, BinaryOp.GT)) {
        TestArray a = array(type, Layout.CONTIGUOUS, 1);
        a.set(new double[] {Tolerance.round(type, 0.1)});
        TestArray out = array(DType.BOOL, Layout.CONTIGUOUS, 1);
        kernels.binaryScalar(op, a.array, 0.1, out.array);
        check(DType.BOOL, new double[] {op == BinaryOp.EQ ? 1 : 0}, true, out, op + " of " + type);
        endCase();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void addScaledRoundsEachStep(Kernels kernels) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64)) {
      for (long[] shape : shapes()) {
        for (Layout layout : INPUTS) {
          double alpha = type.isFloatingPoint() ? random.nextGaussian() : -3;
          TestArray a = randomArray(type, any(OUTPUTS), shape);
          TestArray b = array(type, layout, shape);
          double[] x = a.values();
          double[] y = b.set(specialValues(type, b.numel())).values();
          TestArray out = array(type, any(OUTPUTS), shape);
          double[] expected = new double[x.length];
          for (int i = 0; i < x.length; i++) {
            double product = Tolerance.round(type, Tolerance.round(type, alpha) * y[i]);
            expected[i] = Tolerance.round(type, x[i] + product);
          }
          kernels.addScaled(a.array, b.array, alpha, out.array);
          assertExact(expected, out, "%s + %s * %s", a, alpha, b);
          kernels.addScaled(a.array, b.array, alpha, a.array);
          assertExact(expected, a, "in place %s + %s * %s", a, alpha, b);
          endCase();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void where(Kernels kernels) {
    for (DType type : DType.values()) {
      for (long[] shape : shapes()) {
        for (Layout layout : INPUTS) {
          TestArray condition = randomArray(DType.BOOL, layout, shape);
          TestArray a = array(type, any(INPUTS), shape);
          TestArray b = array(type, any(INPUTS), shape);
          double[] c = condition.values();
          double[] x = a.set(specialValues(type, a.numel())).values();
          double[] y = b.set(specialValues(type, b.numel())).values();
          TestArray out = array(type, any(OUTPUTS), shape);
          kernels.where(condition.array, a.array, b.array, out.array);
          double[] expected = new double[c.length];
          for (int i = 0; i < c.length; i++) {
            expected[i] = c[i] != 0 ? x[i] : y[i];
          }
          assertExact(expected, out, "where %s, %s, %s", condition, a, b);
          endCase();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void integersWrapAndRefuseZero(Kernels kernels) {
    TestArray a = array(DType.INT32, Layout.CONTIGUOUS, 4).set(Integer.MAX_VALUE, 7, -7, 3);
    TestArray b = array(DType.INT32, Layout.CONTIGUOUS, 4).set(1, 2, 2, 0);
    TestArray out = array(DType.INT32, Layout.CONTIGUOUS, 4);
    kernels.binary(BinaryOp.ADD, a.array, b.array, out.array);
    assertThat(out.values()).containsExactly(Integer.MIN_VALUE, 9, -5, 3);
    assertThatThrownBy(
            () -> {
              kernels.binary(BinaryOp.DIV, a.array, b.array, out.array);
              kernels.synchronize();
            })
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("binary DIV: integer divisor must not be 0; got 3 / 0");
    b.set(2, 2, 2, 2);
    kernels.binary(BinaryOp.DIV, a.array, b.array, out.array);
    assertThat(out.values()).containsExactly(1073741823, 3, -3, 1);
    b.set(-1, -1, -2, 40);
    a.set(1, 2, -1, 3);
    kernels.binary(BinaryOp.POW, a.array, b.array, out.array);
    assertThat(out.values()).containsExactly(1, 0, 1, (int) 0xA8B8B452291FE821L);
  }
}
