package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Running results, sorting and searching, against what they are defined as. */
@Timeout(60)
class ScanContractTest extends BackendContract {
  private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);

  /** A rows × n array, and the element of row r at place i. */
  private record Lanes(double[] values, int n) {
    double at(int row, int i) {
      return values[row * n + i];
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void runningSumsGoEitherWay(Kernels kernels) {
    for (int n : LENGTHS) {
      for (DType type : TYPES) {
        for (boolean reverse : new boolean[] {false, true}) {
          TestArray a = array(type, any(INPUTS), 3, n);
          double[] x = a.set(randomValues(type, a.numel())).values();
          TestArray out = array(type, any(OUTPUTS), 3, n);
          kernels.scan(ScanOp.SUM, a.array, 1, reverse, out.array);
          double[] expected = new double[x.length];
          double[] tolerance = new double[x.length];
          for (int row = 0; row < 3; row++) {
            double sum = 0;
            double magnitude = 0;
            for (int k = 0; k < n; k++) {
              int at = row * n + (reverse ? n - 1 - k : k);
              sum += x[at];
              magnitude += Math.abs(x[at]);
              expected[at] = sum;
              tolerance[at] = Tolerance.of(type, magnitude, k + 1);
            }
          }
          assertClose(expected, tolerance, out, "scan of %d, reverse %s", n, reverse);
        }
      }
    }
  }

  /** Tests a few long lanes, many short ones, and adjacent lanes, for every operation and type. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void runningResultsOfManyShapes(Kernels kernels) {
    List<long[]> shapes =
        List.of(
            new long[] {1, 8200}, new long[] {2, 16500}, new long[] {40, 9}, new long[] {3, 64});
    for (ScanOp op : ScanOp.values()) {
      for (DType type : DType.values()) {
        if (op == ScanOp.LOG_ADD_EXP && !type.isFloatingPoint()) {
          continue;
        }
        for (long[] shape : shapes) {
          scanCase(kernels, op, type, shape, 1, Layout.CONTIGUOUS);
        }
        scanCase(kernels, op, type, new long[] {70, 40}, 0, Layout.CONTIGUOUS);
        scanCase(kernels, op, type, new long[] {33, 70}, 1, Layout.TRANSPOSED);
      }
    }
  }

  private void scanCase(
      Kernels kernels, ScanOp op, DType type, long[] shape, int dim, Layout layout) {
    boolean reverse = random.nextBoolean();
    TestArray a = array(type, layout, shape);
    double[] values = randomValues(type, a.numel());
    for (int i = 0; op == ScanOp.PROD && i < values.length; i++) {
      values[i] = type.isFloatingPoint() ? 1 + values[i] * 0.001 : values[i] < 0 ? -1 : 1;
    }
    double[] x = a.set(values).values();
    TestArray out = array(type, layout, shape);
    kernels.scan(op, a.array, dim, reverse, out.array);
    double[] expected = new double[x.length];
    double[] tolerance = new double[x.length];
    int n = (int) shape[dim];
    int step = dim == 0 ? (int) shape[1] : 1;
    for (int lane = 0; lane < x.length / n; lane++) {
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < n; k++) {
        int at = (dim == 0 ? lane : lane * n) + (reverse ? n - 1 - k : k) * step;
        sum = k == 0 ? x[at] : combined(op, sum, x[at]);
        magnitude =
            switch (op) {
              case SUM -> magnitude + Math.abs(x[at]);
              case PROD -> Math.abs(sum) * (1 + Math.sqrt(k));
              case LOG_ADD_EXP -> Math.abs(sum) + 10;
            };
        expected[at] = Tolerance.round(type, sum);
        tolerance[at] = Tolerance.of(type, magnitude, k + 1);
      }
    }
    assertClose(expected, tolerance, out, "scan %s of %s, reverse %s", op, a, reverse);
    endCase();
  }

  private static double combined(ScanOp op, double a, double b) {
    return switch (op) {
      case SUM -> a + b;
      case PROD -> a * b;
      case LOG_ADD_EXP -> Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void specialsInRunningSumsOfExponentials(Kernels kernels) {
    double inf = Double.POSITIVE_INFINITY;
    for (boolean reverse : new boolean[] {false, true}) {
      TestArray a = array(DType.FLOAT64, Layout.CONTIGUOUS, 6);
      double[] x = {-inf, -inf, 3, inf, -inf, Double.NaN};
      double[] expected = {-inf, -inf, 3, inf, inf, Double.NaN};
      if (reverse) {
        for (int i = 0; i < 3; i++) {
          double swap = x[i];
          x[i] = x[5 - i];
          x[5 - i] = swap;
          swap = expected[i];
          expected[i] = expected[5 - i];
          expected[5 - i] = swap;
        }
      }
      TestArray out = array(DType.FLOAT64, Layout.CONTIGUOUS, 6);
      kernels.scan(ScanOp.LOG_ADD_EXP, a.set(x).array, 0, reverse, out.array);
      assertExact(expected, out, "scan LOG_ADD_EXP, reverse %s", reverse);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void runningExtremesKeepTheLastOfEquals(Kernels kernels) {
    for (int n : LENGTHS) {
      for (DType type : TYPES) {
        argScanCase(kernels, true, type, n);
      }
    }
    for (DType type : DType.values()) {
      argScanCase(kernels, false, type, 207);
    }
    argScanCase(kernels, true, DType.FLOAT32, 8200);
    argScanCase(kernels, false, DType.BFLOAT16, 16500);
  }

  private void argScanCase(Kernels kernels, boolean max, DType type, int n) {
    TestArray a = array(type, any(INPUTS), 3, n);
    Lanes x = new Lanes(a.set(specialValues(type, a.numel())).values(), n);
    TestArray out = array(DType.INT64, any(OUTPUTS), 3, n);
    kernels.argScan(max, a.array, 1, out.array);
    double[] expected = new double[3 * n];
    for (int row = 0; row < 3; row++) {
      int best = 0;
      for (int i = 0; i < n; i++) {
        double value = x.at(row, i);
        double top = x.at(row, best);
        boolean beats = max ? value >= top : value <= top;
        best = Double.isNaN(value) || !Double.isNaN(top) && beats ? i : best;
        expected[row * n + i] = best;
      }
    }
    assertExact(expected, out, "argScan max=%s of %s", max, a);
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void sortsStablyWithNanLargest(Kernels kernels) {
    for (boolean descending : new boolean[] {false, true}) {
      for (int n : LENGTHS) {
        for (DType type : TYPES) {
          sortCase(kernels, type, 3, n, descending);
        }
      }
      for (DType type : DType.values()) {
        sortCase(kernels, type, 300, 5, descending);
        sortCase(kernels, type, 2, 2050, descending);
      }
    }
  }

  private void sortCase(Kernels kernels, DType type, int rows, int n, boolean descending) {
    TestArray a = array(type, any(INPUTS), rows, n);
    Lanes x = new Lanes(a.set(specialValues(type, a.numel())).values(), n);
    TestArray out = array(DType.INT64, any(OUTPUTS), rows, n);
    kernels.argSort(a.array, 1, descending, out.array);
    double[] expected = new double[rows * n];
    for (int row = 0; row < rows; row++) {
      int r = row;
      Integer[] order = new Integer[n];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order,
          (i, j) -> {
            int c = Double.compare(x.at(r, i) + 0.0, x.at(r, j) + 0.0);
            return descending ? -c : c;
          });
      for (int i = 0; i < n; i++) {
        expected[row * n + i] = order[i];
      }
    }
    assertExact(expected, out, "argSort of %s, descending %s", a, descending);
    int k = Math.min(n, 1 + random.nextInt(12));
    TestArray top = array(DType.INT64, any(OUTPUTS), rows, k);
    if (kernels.argTop(a.array, 1, descending, top.array)) {
      double[] first = new double[rows * k];
      Arrays.setAll(first, i -> expected[i / k * n + i % k]);
      assertExact(first, top, "argTop of %s, descending %s", a, descending);
    }
    endCase();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void findsPlacesInSortedRows(Kernels kernels) {
    for (int n : new int[] {0, 1, 2, 17, 100}) {
      for (DType type : TYPES) {
        double[] sorted = randomValues(type, n);
        Arrays.sort(sorted);
        TestArray a = array(type, any(INPUTS), n).set(sorted);
        double[] rows = a.values();
        double[] wanted = randomValues(type, 31);
        System.arraycopy(rows, 0, wanted, 0, Math.min(n, 15));
        TestArray values = array(type, any(INPUTS), 31).set(wanted);
        double[] x = values.values();
        for (boolean right : new boolean[] {false, true}) {
          TestArray out = array(DType.INT64, any(OUTPUTS), 31);
          kernels.searchSorted(a.array, values.array, right, out.array);
          double[] expected = new double[31];
          Arrays.setAll(
              expected, i -> Arrays.stream(rows).filter(v -> right ? v <= x[i] : v < x[i]).count());
          assertExact(expected, out, "searchSorted in %d, right %s", n, right);
        }
      }
    }
    assertThat(TYPES).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void findsPlacesInEachRow(Kernels kernels) {
    for (DType type : DType.values()) {
      TestArray a = array(type, any(OUTPUTS), 3, 20);
      double[] sorted = randomValues(type, 60);
      for (int row = 0; row < 3; row++) {
        Arrays.sort(sorted, row * 20, row * 20 + 20);
      }
      Lanes rows = new Lanes(a.set(sorted).values(), 20);
      TestArray values = randomArray(type, any(INPUTS), 3, 7);
      Lanes wanted = new Lanes(values.values(), 7);
      for (boolean right : new boolean[] {false, true}) {
        TestArray out = array(DType.INT64, any(OUTPUTS), 3, 7);
        kernels.searchSorted(a.array, values.array, right, out.array);
        double[] expected = new double[21];
        for (int i = 0; i < 21; i++) {
          for (int k = 0; k < 20; k++) {
            double x = rows.at(i / 7, k);
            double v = wanted.at(i / 7, i % 7);
            expected[i] += (right ? x <= v : x < v) ? 1 : 0;
          }
        }
        assertExact(expected, out, "searchSorted in rows of %s, right %s", type, right);
      }
      endCase();
    }
  }
}
