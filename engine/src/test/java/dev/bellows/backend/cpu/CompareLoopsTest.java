package dev.bellows.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Comparisons of all pairs of special values, of tensors, of rows that repeat, and with numbers.
 */
@Timeout(60)
class CompareLoopsTest {
  private static final double[] REALS = {
    0,
    -0.0,
    1,
    -1,
    2.5,
    Double.NaN,
    Double.longBitsToDouble(0xFFF8000000000001L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MIN_VALUE
  };
  private static final long[] WHOLES = {
    0, 1, -1, 5, -5, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE + 1
  };
  private static final int UNORDERED = 2;

  /** A comparison, and what it gives for the order of two values: -1, 0, 1 or UNORDERED. */
  private record Comparison(
      String name,
      BiFunction<Tensor, Tensor, Tensor> tensors,
      BiFunction<Tensor, Number, Tensor> number,
      IntPredicate expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Comparison> comparisons() {
    return List.of(
        new Comparison("lt", Tensor::lt, Tensor::lt, order -> order == -1),
        new Comparison("le", Tensor::le, Tensor::le, order -> order <= 0),
        new Comparison("gt", Tensor::gt, Tensor::gt, order -> order == 1),
        new Comparison("ge", Tensor::ge, Tensor::ge, order -> order == 0 || order == 1),
        new Comparison("eq", Tensor::eq, Tensor::eq, order -> order == 0),
        new Comparison("ne", Tensor::ne, Tensor::ne, order -> order != 0));
  }

  private static int order(double x, double y) {
    return Double.isNaN(x) || Double.isNaN(y) ? UNORDERED : x < y ? -1 : x > y ? 1 : 0;
  }

  @ParameterizedTest
  @MethodSource("comparisons")
  void comparesFloatingPoint(Comparison comparison) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Tensor values = Tensor.of(REALS).to(type);
      double[] rounded = values.to(DType.FLOAT64).toDoubleArray();
      check(comparison, values, (i, j) -> order(rounded[i], rounded[j]));
      for (int j = 0; j < rounded.length; j++) {
        boolean[] with = comparison.number.apply(values, REALS[j]).toBooleanArray();
        for (int i = 0; i < rounded.length; i++) {
          assertThat(with[i])
              .as("%s %s %s %s", type, rounded[i], comparison, REALS[j])
              .isEqualTo(comparison.expected.test(order(rounded[i], rounded[j])));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("comparisons")
  void comparesWholeNumbers(Comparison comparison) {
    Tensor values = Tensor.of(WHOLES);
    check(comparison, values, (i, j) -> Long.compare(WHOLES[i], WHOLES[j]));
    for (int j = 0; j < WHOLES.length; j++) {
      long number = WHOLES[j];
      boolean[] expected = new boolean[WHOLES.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = comparison.expected.test(Long.compare(WHOLES[i], number));
      }
      assertThat(comparison.number.apply(values, number).toBooleanArray())
          .as("%s %s", comparison, number)
          .isEqualTo(expected);
    }
  }

  private interface Orders {
    int of(int i, int j);
  }

  /** Compares all pairs as tensors of equal shapes, and as rows and columns that repeat. */
  private static void check(Comparison comparison, Tensor values, Orders orders) {
    int n = (int) values.numel();
    boolean[] expected = new boolean[n * n];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = comparison.expected.test(orders.of(i / n, i % n));
    }
    Tensor rows = values.view(n, 1).expand(n, n);
    Tensor columns = values.view(1, n).expand(n, n);
    for (Tensor x : List.of(rows, rows.contiguous(), rows.t().contiguous().t())) {
      for (Tensor y : List.of(columns, columns.contiguous(), columns.t().contiguous().t())) {
        assertThat(comparison.tensors.apply(x, y).toBooleanArray())
            .as("%s of %s", comparison, Arrays.toString(x.strides()))
            .isEqualTo(expected);
      }
    }
    Tensor many = values.repeat(300); // several tiles
    assertThat(comparison.tensors.apply(many, many).toBooleanArray())
        .isEqualTo(comparison.tensors.apply(values, values).repeat(300).toBooleanArray());
  }
}
