package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ReduceContractTest extends BackendContract {
  private static double start(ReduceOp op) {
    return switch (op) {
      case SUM, ANY -> 0;
      case PROD, ALL -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  private static double combine(ReduceOp op, double sum, double x) {
    return switch (op) {
      case SUM -> sum + x;
      case PROD -> sum * x;
      case MAX -> Math.max(sum, x);
      case MIN -> Math.min(sum, x);
      case ANY -> sum != 0 || x != 0 ? 1 : 0;
      case ALL -> sum != 0 && x != 0 ? 1 : 0;
    };
  }

  /** Returns the position in the reduced array of an element of the whole one. */
  private static int target(long[] sizes, long[] reduced, int linear) {
    long[] index = new long[sizes.length];
    long rest = linear;
    for (int d = sizes.length - 1; d >= 0; d--) {
      index[d] = reduced[d] == 1 ? 0 : rest % sizes[d];
      rest /= sizes[d];
    }
    return TestArray.linear(reduced, index);
  }

  private static List<long[]> reductions(long[] shape) {
    List<long[]> all = new ArrayList<>();
    for (int mask = 0; mask < 1 << shape.length; mask++) {
      long[] reduced = shape.clone();
      for (int d = 0; d < shape.length; d++) {
        if ((mask >> d & 1) != 0) {
          reduced[d] = 1;
        }
      }
      all.add(reduced);
    }
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void reduces(Kernels kernels) {
    List<long[]> shapes = new ArrayList<>(shapes());
    shapes.add(new long[] {4098, 3});
    shapes.add(new long[] {3, 4098});
    shapes.add(new long[] {3, 2, 8, 12});
    for (ReduceOp op : ReduceOp.values()) {
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64)) {
        for (long[] shape : shapes) {
          for (long[] reduced : reductions(shape)) {
            for (Layout layout : INPUTS) {
              boolean specials = op != ReduceOp.SUM && op != ReduceOp.PROD;
              if (!isLeftOut(kernels)) {
                reduceCase(kernels, op, type, shape, reduced, layout, specials);
              }
            }
          }
        }
      }
    }
  }

  private void reduceCase(
      Kernels kernels,
      ReduceOp op,
      DType type,
      long[] shape,
      long[] reduced,
      Layout layout,
      boolean specials) {
    TestArray a = array(type, layout, shape);
    double[] values = specials ? specialValues(type, a.numel()) : randomValues(type, a.numel());
    if (op == ReduceOp.PROD) {
      for (int i = 0; i < values.length; i++) {
        values[i] = type.isFloatingPoint() ? 1 + values[i] * 0.001 : values[i] < 0 ? -1 : 1;
      }
    }
    double[] x = a.set(values).values();
    boolean logical = op == ReduceOp.ANY || op == ReduceOp.ALL;
    TestArray out = array(logical ? DType.BOOL : type, any(OUTPUTS), reduced);
    kernels.reduce(op, a.array, out.array);
    double[] expected = new double[out.numel()];
    double[] magnitude = new double[out.numel()];
    Arrays.fill(expected, start(op));
    for (int i = 0; i < x.length; i++) {
      int to = target(shape, reduced, i);
      expected[to] = combine(op, expected[to], x[i]);
      magnitude[to] += Math.abs(x[i]);
    }
    long terms = expected.length == 0 ? 0 : x.length / expected.length;
    double[] tolerance = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      if (!logical && !type.isFloatingPoint() && Double.isInfinite(expected[i])) {
        expected[i] = op == ReduceOp.MAX ? type.minValue() : type.maxValue();
      } else if (!logical) {
        expected[i] = Tolerance.round(type, expected[i]);
      }
      if (op == ReduceOp.SUM) {
        tolerance[i] = Tolerance.of(type, magnitude[i], terms);
      } else if (op == ReduceOp.PROD) {
        tolerance[i] = Tolerance.of(type, Math.abs(expected[i]) * (1 + Math.sqrt(terms)), terms);
      }
    }
    assertClose(expected, tolerance, out, "%s of %s", op, a);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void reducesOtherTypes(Kernels kernels) {
    List<DType> types =
        List.of(DType.FLOAT16, DType.BFLOAT16, DType.INT32, DType.INT8, DType.UINT8, DType.BOOL);
    List<long[]> shapes = List.of(new long[] {40, 48}, new long[] {17, 3}, new long[] {2, 3, 32});
    for (ReduceOp op : ReduceOp.values()) {
      for (DType type : types) {
        for (long[] shape : shapes) {
          for (long[] reduced : reductions(shape)) {
            boolean specials = op != ReduceOp.SUM && op != ReduceOp.PROD;
            if (!isLeftOut(kernels)) {
              reduceCase(kernels, op, type, shape, reduced, any(INPUTS), specials);
            }
          }
        }
      }
    }
  }

  /** Tests few results with so many terms that a device divides them into shares. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void reducesFewResultsOfManyTerms(Kernels kernels) {
    for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MAX, ReduceOp.ALL)) {
      for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16, DType.UINT8)) {
        boolean specials = op != ReduceOp.SUM;
        for (long[] shape : List.of(new long[] {2, 17000}, new long[] {2100, 8})) {
          for (long[] reduced : reductions(shape)) {
            reduceCase(kernels, op, type, shape, reduced, Layout.CONTIGUOUS, specials);
          }
        }
      }
    }
    argCase(kernels, true, DType.FLOAT32, new long[] {2, 17000}, 1, Layout.CONTIGUOUS);
    argCase(kernels, false, DType.INT8, new long[] {2100, 8}, 0, Layout.CONTIGUOUS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void sumsOfFloatsKeepSmallTerms(Kernels kernels) {
    double[] values = new double[4097];
    Arrays.fill(values, 0x1p-13);
    values[0] = 0x1p12;
    TestArray a = array(DType.FLOAT32, Layout.CONTIGUOUS, 4097).set(values);
    TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 1);
    kernels.reduce(ReduceOp.SUM, a.array, out.array);
    assertThat(out.values()).containsExactly(0x1p12 + 0.5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void specialsInSums(Kernels kernels) {
    TestArray a = array(DType.FLOAT32, Layout.CONTIGUOUS, 3, 207);
    double[] values = randomValues(DType.FLOAT32, a.numel());
    values[5] = Double.POSITIVE_INFINITY;
    values[207 + 80] = Double.NaN;
    values[414] = Double.POSITIVE_INFINITY;
    values[620] = Double.NEGATIVE_INFINITY;
    a.set(values);
    TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 3, 1);
    kernels.reduce(ReduceOp.SUM, a.array, out.array);
    assertThat(out.values()).containsExactly(Double.POSITIVE_INFINITY, Double.NaN, Double.NaN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void argReduces(Kernels kernels) {
    for (boolean max : new boolean[] {true, false}) {
      for (DType type : DType.values()) {
        for (long[] shape : shapes()) {
          for (int dim = 0; dim < shape.length; dim++) {
            if (shape[dim] > 0 && !isLeftOut(kernels)) {
              argCase(kernels, max, type, shape, dim, any(INPUTS));
            }
          }
        }
      }
    }
  }

  private void argCase(
      Kernels kernels, boolean max, DType type, long[] shape, int dim, Layout layout) {
    TestArray a = array(type, layout, shape);
    double[] x = a.set(specialValues(type, a.numel())).values();
    long[] reduced = shape.clone();
    reduced[dim] = 1;
    TestArray out = array(DType.INT64, any(OUTPUTS), reduced);
    kernels.argReduce(max, a.array, dim, out.array);
    double[] expected = new double[out.numel()];
    double[] best = new double[out.numel()];
    int[] seen = new int[out.numel()];
    for (int i = 0; i < x.length; i++) {
      int to = target(shape, reduced, i);
      boolean better = max ? x[i] > best[to] : x[i] < best[to];
      if (seen[to] == 0 || better || (x[i] != x[i] && best[to] == best[to])) {
        if (seen[to] == 0 || best[to] == best[to]) {
          best[to] = x[i];
          expected[to] = seen[to];
        }
      }
      seen[to]++;
    }
    assertExact(expected, out, "argReduce max=%s of %s along %d", max, a, dim);
    endCase();
  }
}
