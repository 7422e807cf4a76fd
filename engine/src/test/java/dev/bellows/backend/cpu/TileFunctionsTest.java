package dev.bellows.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.reference.UnaryBlock;
import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions on tiles against the formulas of their rows. */
class TileFunctionsTest {
  private static final int MANY = 20_000;

  private static final double[] EDGES = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    3,
    8,
    1024,
    88,
    89,
    -88,
    -103,
    -104,
    300,
    -300,
    699,
    -699,
    701,
    -701,
    745,
    -745,
    1e-40,
    -1e-40,
    1e-300,
    -1e-300,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    1e6,
    -1e6,
    1e7,
    1e16,
    -1e16,
    3e38,
    -3e38,
    1e300,
    -1e300,
    Math.PI,
    Math.PI / 2,
    -Math.PI,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private static double[] arguments() {
    Random random = new Random(5);
    DoubleStream near = random.doubles(MANY, -4, 4);
    DoubleStream far = random.doubles(MANY, -150, 150);
    DoubleStream unit = random.doubles(MANY, -1.001, 1.001);
    DoubleStream turns = random.ints(MANY, -100_000, 100_000).mapToDouble(k -> k * (Math.PI / 2));
    DoubleStream all = DoubleStream.concat(DoubleStream.concat(near, far), unit);
    double[] most = DoubleStream.concat(all, turns).toArray();
    double[] x = Arrays.copyOf(EDGES, EDGES.length + most.length);
    System.arraycopy(most, 0, x, EDGES.length, most.length);
    return x;
  }

  @ParameterizedTest
  @EnumSource(UnaryOp.class)
  void functionsAreCloseToTheirFormulas(UnaryOp op) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      IntFunction<UnaryBlock> functions = TileFunctions.unary(op, type);
      if (functions != null) {
        DoubleUnaryOperator formula = op.real().function();
        check(op + " of " + type, type, functions, formula, ulps(op, type), least(op, type));
      }
    }
    assertThat(TileFunctions.unary(op, DType.INT64)).isNull();
  }

  /** In float, numbers below the normal ones may become 0; 1 + tanh cancels in the formula. */
  private static double least(UnaryOp op, DType type) {
    boolean inFloat = type == DType.FLOAT32 && FloatTile.supports(op);
    return op == UnaryOp.GELU_TANH ? 2e-7 : inFloat ? Float.MIN_NORMAL : 0;
  }

  /** The error function stays at its value for 4, which differs from 1 by a quarter of a unit. */
  private static double ulps(UnaryOp op, DType type) {
    return type == DType.FLOAT32 && FloatTile.supports(op) ? 2 : op == UnaryOp.ERF ? 0.26 : 0.01;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1, 2, 3, -2, -3, 17, 0.25, -0.75, 2.5, 1.5, 1e-3, 1e30, -1e30})
  void powersAreCloseToTheFormula(double exponent) {
    IntFunction<UnaryBlock> functions =
        TileFunctions.withScalar(BinaryOp.POW, exponent, DType.FLOAT32);
    DoubleBinaryOperator formula = BinaryOp.POW.real().function();
    check(
        "power " + exponent,
        DType.FLOAT32,
        functions,
        x -> formula.applyAsDouble(x, exponent),
        0.01,
        0);
    double[] x = rounded(DType.FLOAT32);
    double[] y = new double[x.length];
    double[] one = x.clone();
    double[] all = x.clone();
    Arrays.fill(y, exponent);
    functions.apply(x.length).apply(one, x.length);
    new TileFunctions.Powers(x.length).apply(all, y, x.length);
    for (int i = 0; i < x.length; i++) {
      boolean same = Float.compare((float) all[i], (float) one[i]) == 0;
      assertThat(same || isClose(all[i], one[i], 0.01 * Math.ulp((float) one[i])))
          .as("%s to the power of %s: %s, not %s", x[i], exponent, all[i], one[i])
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 1e-3, 2})
  void slopesBelow0AreCloseToTheirFormulas(double slope) {
    for (BinaryOp op : List.of(BinaryOp.ELU, BinaryOp.LEAKY_RELU)) {
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
        DoubleBinaryOperator formula = op.real().function();
        check(
            op + " " + slope,
            type,
            TileFunctions.withScalar(op, slope, type),
            x -> formula.applyAsDouble(x, slope),
            0.01,
            0);
      }
    }
  }

  @Test
  void rootsAndPowersInDoubleAreLeftToTheFormula() {
    assertThat(TileFunctions.withScalar(BinaryOp.POW, 0.5, DType.FLOAT32)).isNull();
    assertThat(TileFunctions.withScalar(BinaryOp.POW, -0.5, DType.FLOAT32)).isNull();
    assertThat(TileFunctions.withScalar(BinaryOp.POW, Double.NaN, DType.FLOAT32)).isNull();
    assertThat(TileFunctions.withScalar(BinaryOp.POW, 2, DType.FLOAT64)).isNull();
    assertThat(TileFunctions.withScalar(BinaryOp.ADD, 2, DType.FLOAT32)).isNull();
  }

  private static double[] rounded(DType type) {
    return DoubleStream.of(arguments()).map(x -> type == DType.FLOAT32 ? (float) x : x).toArray();
  }

  /** Applies to blocks, and to single numbers, which must give the same bits. */
  private static void check(
      String what,
      DType type,
      IntFunction<UnaryBlock> functions,
      DoubleUnaryOperator formula,
      double floatUlps,
      double least) {
    double[] in = rounded(type);
    double[] out = in.clone();
    functions.apply(in.length).apply(out, in.length);
    UnaryBlock single = functions.apply(1);
    for (int i = 0; i < in.length; i++) {
      double[] one = {in[i]};
      single.apply(one, 1);
      assertThat(Double.doubleToRawLongBits(one[0]))
          .as("%s of %s alone", what, in[i])
          .isEqualTo(Double.doubleToRawLongBits(out[i]));
      double want = formula.applyAsDouble(in[i]);
      double allowed =
          type == DType.FLOAT64 ? 5 * Math.ulp(want) : floatUlps * Math.ulp((float) want);
      boolean rounded = type == DType.FLOAT32 && Float.compare((float) out[i], (float) want) == 0;
      assertThat(rounded || isClose(out[i], want, Math.max(allowed, least)))
          .as("%s: f(%s) = %s, not %s", what, in[i], out[i], want)
          .isTrue();
    }
  }

  private static boolean isClose(double got, double want, double allowed) {
    if (Double.isNaN(want) || Double.isInfinite(want)) {
      return Double.compare(got, want) == 0;
    }
    return Math.abs(got - want) <= allowed && Math.copySign(1, got) == Math.copySign(1, want);
  }
}
