package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class MatMulContractTest extends BackendContract {
  private static final int[][] SIZES = {
    {0, 3, 4},
    {3, 0, 4},
    {3, 4, 0},
    {1, 1, 1},
    {1, 17, 1},
    {16, 1, 15},
    {13, 17, 15},
    {16, 16, 16},
    {1, 207, 13},
    {65, 130, 129},
    {2, 4098, 3},
    {207, 13, 1},
    {17, 1024, 16}
  };

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void multiplies(Kernels kernels) {
    List<Layout> layouts = List.of(Layout.CONTIGUOUS, Layout.TRANSPOSED, Layout.SLICED);
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.FLOAT16)) {
      for (int[] size : SIZES) {
        for (Layout a : INPUTS) {
          for (Layout b : layouts) {
            for (int batch : size[0] * size[1] < 5000 ? new int[] {-1, 0, 1, 3} : new int[] {-1}) {
              if (!isLeftOut(kernels)) {
                matmulCase(kernels, type, batch, size, a, b);
              }
            }
          }
        }
      }
    }
  }

  private static long[] sizes(int batch, int rows, int columns) {
    return batch < 0 ? new long[] {rows, columns} : new long[] {batch, rows, columns};
  }

  private void matmulCase(
      Kernels kernels, DType type, int batch, int[] size, Layout layoutA, Layout layoutB) {
    int m = size[0];
    int k = size[1];
    int n = size[2];
    TestArray a = randomArray(type, layoutA, sizes(batch, m, k));
    TestArray b = randomArray(type, layoutB, sizes(batch, k, n));
    TestArray bias = random.nextBoolean() ? randomArray(type, any(OUTPUTS), n) : null;
    Activation activation = any(List.of(Activation.values()));
    TestArray out = array(type, any(OUTPUTS), sizes(batch, m, n));
    kernels.matmul(a.array, b.array, bias == null ? null : bias.array, activation, out.array);
    double[] x = a.values();
    double[] y = b.values();
    double[] shift = bias == null ? new double[n] : bias.values();
    double[] expected = new double[out.numel()];
    double[] tolerance = new double[out.numel()];
    for (int i = 0; i < expected.length; i++) {
      int column = i % n;
      int row = i / n % m;
      int matrix = i / n / m;
      double sum = shift[column];
      double magnitude = Math.abs(sum);
      for (int p = 0; p < k; p++) {
        double product = x[(matrix * m + row) * k + p] * y[(matrix * k + p) * n + column];
        sum += product;
        magnitude += Math.abs(product);
      }
      expected[i] = activation == Activation.RELU ? Math.max(0, sum) : sum;
      tolerance[i] = Tolerance.of(type, magnitude, k);
    }
    assertClose(expected, tolerance, out, "%s · %s + %s, %s", a, b, bias, activation);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void multipliesPartsOfLargerBatches(Kernels kernels) {
    for (int[] size : SIZES) {
      if (size[0] * size[1] * size[2] > 0 && size[0] * size[1] < 5000) {
        TestArray a = randomArray(DType.FLOAT32, any(OUTPUTS), 3, size[0], size[1]);
        TestArray larger = randomArray(DType.FLOAT32, Layout.CONTIGUOUS, 6, size[1], size[2] + 1);
        long stride = size[2] + 1;
        Strided part =
            larger.array.with(
                new long[] {3, size[1], size[2]},
                new long[] {2 * size[1] * stride, stride, 1},
                larger.array.offset() + 1);
        TestArray copy = array(DType.FLOAT32, Layout.CONTIGUOUS, 3, size[1], size[2]);
        kernels.copy(part, copy.array);
        TestArray expected = array(DType.FLOAT32, Layout.CONTIGUOUS, 3, size[0], size[2]);
        kernels.matmul(a.array, copy.array, null, Activation.NONE, expected.array);
        TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 3, size[0], size[2]);
        kernels.matmul(a.array, part, null, Activation.NONE, out.array);
        double[] tolerance = new double[out.numel()];
        Arrays.fill(tolerance, Tolerance.of(DType.FLOAT32, 16 * size[1], size[1]));
        assertClose(expected.values(), tolerance, out, "%s · part of %s", a, larger);
        endCase();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void keepsSpecials(Kernels kernels) {
    TestArray a = array(DType.FLOAT32, Layout.CONTIGUOUS, 2, 2).set(0, 1, Double.NaN, 1);
    TestArray b =
        array(DType.FLOAT32, Layout.CONTIGUOUS, 2, 2).set(Double.POSITIVE_INFINITY, 1, 2, 3);
    TestArray out = array(DType.FLOAT32, Layout.CONTIGUOUS, 2, 2);
    kernels.matmul(a.array, b.array, null, Activation.NONE, out.array);
    assertThat(out.values()).containsExactly(Double.NaN, 3, Double.NaN, Double.NaN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void sumsIntegersExactly(Kernels kernels) {
    TestArray a = array(DType.INT64, Layout.CONTIGUOUS, 1, 2).set(1L << 40, 1);
    TestArray b = array(DType.INT64, Layout.CONTIGUOUS, 2, 1).set(1L << 20, 1);
    TestArray one = array(DType.INT64, Layout.CONTIGUOUS, 1, 1).set(1L << 60);
    TestArray out = array(DType.INT64, Layout.CONTIGUOUS, 1, 1);
    kernels.matmul(a.array, b.array, null, Activation.NONE, out.array);
    kernels.binary(BinaryOp.SUB, out.array, one.array, out.array);
    assertThat(out.values()).containsExactly(1);
  }

  /** Sums of integers are truncated to their type at the end; BOOL is true if the sum is not 0. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void wrapsWholeNumbers(Kernels kernels) {
    int m = 67;
    int k = 37;
    int n = 70;
    for (DType type :
        List.of(DType.INT32, DType.INT16, DType.INT8, DType.UINT8, DType.BOOL, DType.INT64)) {
      for (Layout layout : OUTPUTS) {
        TestArray a = randomArray(type, layout, 2, m, k);
        TestArray b = randomArray(type, any(INPUTS), 2, k, n);
        if (type == DType.BOOL) {
          double[] few = new double[a.numel()];
          Arrays.setAll(few, i -> random.nextInt(20) == 0 ? 1 : 0);
          a.set(few);
        }
        TestArray bias = random.nextBoolean() ? randomArray(type, any(OUTPUTS), n) : null;
        TestArray out = array(type, any(OUTPUTS), 2, m, n);
        kernels.matmul(
            a.array, b.array, bias == null ? null : bias.array, Activation.NONE, out.array);
        double[] x = a.values();
        double[] y = b.values();
        double[] expected = new double[out.numel()];
        for (int i = 0; i < expected.length; i++) {
          int row = i / n;
          long sum = bias == null ? 0 : (long) bias.values()[i % n];
          for (int p = 0; p < k; p++) {
            sum += (long) (x[row * k + p] * y[(row / m * k + p) * n + i % n]);
          }
          expected[i] = type.wrap(sum);
        }
        assertExact(expected, out, "%s · %s + %s", a, b, bias);
        endCase();
      }
    }
  }

  /** One matrix for a whole batch, whose rows may or may not be those of one matrix. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void multipliesABatchByOneMatrix(Kernels kernels) {
    for (Layout layout : OUTPUTS) {
      for (Layout result : OUTPUTS) {
        for (int m : new int[] {1, 5}) {
          TestArray a = randomArray(DType.FLOAT32, layout, 3, m, 17);
          TestArray b = randomArray(DType.FLOAT32, Layout.EXPANDED, 3, 17, 6);
          TestArray out = array(DType.FLOAT32, result, 3, m, 6);
          kernels.matmul(a.array, b.array, null, Activation.NONE, out.array);
          double[] x = a.values();
          double[] y = b.values();
          double[] expected = new double[out.numel()];
          double[] tolerance = new double[out.numel()];
          for (int i = 0; i < expected.length; i++) {
            double magnitude = 0;
            for (int p = 0; p < 17; p++) {
              double product = x[i / 6 * 17 + p] * y[p * 6 + i % 6];
              expected[i] += product;
              magnitude += Math.abs(product);
            }
            tolerance[i] = Tolerance.of(DType.FLOAT32, magnitude, 17);
          }
          assertClose(expected, tolerance, out, "%s · %s", a, b);
          endCase();
        }
      }
    }
  }
}
