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

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void runningExtremesKeepTheLastOfEquals(Kernels kernels) {
    for (int n : LENGTHS) {
      for (DType type : TYPES) {
        TestArray a = array(type, any(INPUTS), 3, n);
        Lanes x = new Lanes(a.set(specialValues(type, a.numel())).values(), n);
        TestArray out = array(DType.INT64, any(OUTPUTS), 3, n);
        kernels.argScan(true, a.array, 1, out.array);
        double[] expected = new double[3 * n];
        for (int row = 0; row < 3; row++) {
          int best = 0;
          for (int i = 0; i < n; i++) {
            double value = x.at(row, i);
            double top = x.at(row, best);
            best = Double.isNaN(value) || !Double.isNaN(top) && value >= top ? i : best;
            expected[row * n + i] = best;
          }
        }
        assertExact(expected, out, "argScan of %d", n);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("backends")
  void sortsStablyWithNanLargest(Kernels kernels) {
    for (int n : LENGTHS) {
      for (DType type : TYPES) {
        for (boolean descending : new boolean[] {false, true}) {
          TestArray a = array(type, any(INPUTS), 3, n);
          Lanes x = new Lanes(a.set(specialValues(type, a.numel())).values(), n);
          TestArray out = array(DType.INT64, any(OUTPUTS), 3, n);
          kernels.argSort(a.array, 1, descending, out.array);
          double[] expected = new double[3 * n];
          for (int row = 0; row < 3; row++) {
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
          assertExact(expected, out, "argSort of %d, descending %s", n, descending);
        }
      }
    }
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
}
