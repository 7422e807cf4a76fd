package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SoftmaxContractTest extends BackendContract {
  private static List<long[]> softmaxShapes() {
    List<long[]> shapes = new ArrayList<>(shapes());
    shapes.removeIf(s -> s.length == 0);
    shapes.add(new long[] {3, 4098});
    shapes.add(new long[] {207, 10});
    return shapes;
  }

  /** Linear indices of each lane along a dimension. */
  private static List<int[]> lanes(long[] shape, int dim) {
    int step = 1;
    for (int d = dim + 1; d < shape.length; d++) {
      step *= (int) shape[d];
    }
    int size = (int) shape[dim];
    List<int[]> lanes = new ArrayList<>();
    long numel = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    for (int i = 0; i < numel; i++) {
      if (i / step % size == 0) {
        int[] lane = new int[size];
        for (int k = 0; k < size; k++) {
          lane[k] = i + k * step;
        }
        lanes.add(lane);
      }
    }
    return lanes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void softmax(Kernels kernels) {
    for (DType type : FLOATS) {
      for (boolean log : new boolean[] {false, true}) {
        for (long[] shape : softmaxShapes()) {
          for (int dim = 0; dim < shape.length; dim++) {
            for (Layout layout : INPUTS) {
              softmaxCase(kernels, type, log, shape, dim, layout);
            }
          }
        }
      }
    }
  }

  /** Rows that are short, and too long for the registers of a device. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void softmaxOfHalvesAndLongRows(Kernels kernels) {
    for (DType type : List.of(DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32)) {
      for (boolean log : new boolean[] {false, true}) {
        softmaxCase(kernels, type, log, new long[] {5, 48}, 1, Layout.CONTIGUOUS);
        softmaxCase(kernels, type, log, new long[] {48, 5}, 0, any(INPUTS));
        softmaxCase(kernels, type, log, new long[] {9, 130}, 1, Layout.CONTIGUOUS);
        softmaxCase(kernels, type, log, new long[] {2, 2056}, 1, Layout.CONTIGUOUS);
        softmaxCase(kernels, type, log, new long[] {16400}, 0, Layout.CONTIGUOUS);
      }
    }
  }

  private void softmaxCase(
      Kernels kernels, DType type, boolean log, long[] shape, int dim, Layout layout) {
    TestArray a = randomArray(type, layout, shape);
    double[] x = a.values();
    TestArray out = array(type, any(OUTPUTS), shape);
    kernels.softmax(a.array, dim, log, out.array);
    double[] expected = new double[x.length];
    double[] tolerance = new double[x.length];
    for (int[] lane : lanes(shape, dim)) {
      double sum = 0;
      for (int i : lane) {
        sum += Math.exp(x[i]);
      }
      for (int i : lane) {
        expected[i] = log ? x[i] - Math.log(sum) : Math.exp(x[i]) / sum;
        double magnitude = log ? Math.abs(x[i]) + Math.abs(Math.log(sum)) + 10 : 10 * expected[i];
        tolerance[i] = Tolerance.of(type, magnitude, lane.length);
      }
    }
    assertClose(expected, tolerance, out, "softmax(log=%s) of %s along %d", log, a, dim);

    TestArray gradOut = randomArray(type, layout, shape);
    TestArray gradA = array(type, any(OUTPUTS), shape);
    kernels.softmaxGrad(gradOut.array, out.array, dim, log, gradA.array);
    double[] g = gradOut.values();
    double[] y = out.values();
    for (int[] lane : lanes(shape, dim)) {
      double sum = 0;
      double magnitude = 0;
      for (int i : lane) {
        double term = log ? g[i] : g[i] * y[i];
        sum += term;
        magnitude += Math.abs(term);
      }
      for (int i : lane) {
        double factor = log ? Math.exp(y[i]) : y[i];
        expected[i] = log ? g[i] - factor * sum : factor * (g[i] - sum);
        double size =
            (log ? 1 : factor) * Math.abs(g[i]) + (10 + Math.abs(y[i])) * factor * magnitude;
        tolerance[i] = Tolerance.of(type, size, lane.length);
      }
    }
    assertClose(expected, tolerance, gradA, "softmaxGrad(log=%s) of %s along %d", log, a, dim);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void specials(Kernels kernels) {
    double inf = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    for (long width : new long[] {4, 16, 20}) {
      TestArray a = array(DType.FLOAT32, Layout.CONTIGUOUS, 5, width);
      double[] values = new double[a.numel()];
      Arrays.fill(values, 0, (int) width, -inf);
      values[(int) width + 1] = nan;
      Arrays.fill(values, 2 * (int) width, 3 * (int) width, -inf);
      values[2 * (int) width] = 3;
      Arrays.fill(values, 3 * (int) width, 4 * (int) width, 1000);
      values[4 * (int) width] = inf;
      TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 5, width);
      kernels.softmax(a.set(values).array, 1, false, out.array);
      double[] y = out.values();
      assertThat(Arrays.copyOf(y, 2 * (int) width)).as("−∞ and NaN rows").containsOnly(nan);
      assertThat(y[2 * (int) width]).as("one finite value").isEqualTo(1);
      assertThat(y[2 * (int) width + 1]).isEqualTo(0);
      assertThat(y[3 * (int) width]).as("large values").isEqualTo((float) (1.0 / width));
      assertThat(y[4 * (int) width]).as("+∞ row").isNaN();
      kernels.softmax(a.array, 1, true, out.array);
      y = out.values();
      assertThat(Arrays.copyOf(y, 2 * (int) width)).as("−∞ and NaN rows, log").containsOnly(nan);
      assertThat(y[2 * (int) width]).as("one finite value, log").isEqualTo(0);
      assertThat(y[2 * (int) width + 1]).isEqualTo(-inf);
      endCase();
    }
  }
}
