package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What reductions and sorting refuse, and cases that the comparison with libtorch cannot draw. */
@Timeout(60)
class ReductionErrorsTest {
  private static Arguments of(String start, ThrowingCallable call) {
    return Arguments.of(start, call);
  }

  private static Tensor z(long... shape) {
    return Tensor.zeros(shape);
  }

  private static Tensor whole(long... shape) {
    return Tensor.zeros(DType.INT64, shape);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        of(
            "sum: Dimension out of range (expected to be in range of [-2, 1], but got 2)",
            () -> z(2, 3).sum(2)),
        of(
            "sum: dim 1 appears multiple times in the list of dims",
            () -> z(2, 3).sum(new int[] {1, -1})),
        of(
            "mean(): could not infer output dtype. Input dtype must be a floating point; got INT64",
            () -> whole(2).mean()),
        of("nanmean(): could not infer output dtype", () -> whole(2).nanmean()),
        of("std and var only support floating point dtypes; got INT64", () -> whole(2).var()),
        of(
            "std and var only support floating point dtypes; got BOOL",
            () -> Tensor.zeros(DType.BOOL, 2).std()),
        of("norm(): input only support floating point dtypes; got INT64", () -> whole(2).norm()),
        of(
            "amax: Expected reduction dim to be specified for input with elements",
            () -> z(0).amax()),
        of("argmax: Expected reduction dim 0 to have non-zero size", () -> z(0, 2).argmax(0)),
        of("argmin: Expected reduction dim 1 to have non-zero size", () -> z(2, 0).min(1)),
        of("cumsum: Dimension out of range", () -> z(2).cumsum(1)),
        of("cumprod: Dimension out of range", () -> z(2).cumprod(-2)),
        of("cummax: Dimension out of range", () -> z(2).cummax(3)),
        of(
            "logCumSumExp: inputs must be floating point of one dtype; got INT64",
            () -> whole(2).logCumSumExp(0)),
        of("diff expects input to be at least one-dimensional", () -> z().diff(1, 0)),
        of("order must be non-negative but got -1", () -> z(2).diff(-1, 0)),
        of("sort: Dimension out of range", () -> z(2).sort(1)),
        of("topk: selected index k out of range; got k 4 of 3", () -> z(3).topk(4)),
        of("topk: selected index k out of range; got k -1 of 3", () -> z(3).topk(-1)),
        of(
            "kthvalue(): selected number k out of range for dimension 0; got 0 of 3",
            () -> z(3).kthvalue(0, 0, false)),
        of("median(): Expected reduction dim 0 to have non-zero size", () -> z(0).median()),
        of("mode(): Expected reduction dim 1 to have non-zero size", () -> z(2, 0).mode(1, false)),
        of("quantile() input tensor must be non-empty", () -> z(0).quantile(0.5)),
        of(
            "quantile() input tensor must be either float or double dtype; got INT64",
            () -> whole(2).quantile(Tensor.scalar(0.5), 0, false, Interpolation.LINEAR)),
        of(
            "quantile() q tensor must be same dtype as the input tensor",
            () -> z(2).quantile(Tensor.scalar(0.5, DType.FLOAT64), 0, false, Interpolation.LINEAR)),
        of(
            "nanquantile() q must be in the range [0, 1] but got 1.5",
            () -> z(2).nanquantile(Tensor.scalar(1.5), 0, false, Interpolation.LOWER)),
        of(
            "searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions",
            () -> z(2, 3).searchsorted(z(3, 2))),
        of(
            "searchsorted(): boundaries tensor should have positive dimension",
            () -> z().searchsorted(z(2))),
        of(
            "bincount only supports 1-d non-negative integral inputs; got FLOAT32[2]",
            () -> z(2).bincount()),
        of(
            "bincount only supports 1-d non-negative integral inputs; got -1",
            () -> Tensor.of(new long[] {-1}).bincount()),
        of("minlength should be >= 0; got -1", () -> whole(2).bincount(null, -1)),
        of(
            "bincount: weights should be 1-d and have the same length as input",
            () -> whole(2).bincount(z(3), 0)),
        of("bins must be > 0, but got 0", () -> z(2).histc(0, 0, 1)),
        of("histogram: not implemented for INT64", () -> whole(2).histc(2, 0, 1)),
        of("histc: max must be larger than min; got [2.0, 1.0]", () -> z(2).histc(2, 2, 1)),
        of("histc: range of [NaN, 1.0] is not finite", () -> z(2).histc(2, Double.NaN, 1)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void isRefused(String start, ThrowingCallable call) {
    assertThatThrownBy(call).hasMessageStartingWith(start);
  }

  @Test
  void equalElementsKeepTheirOrder() {
    int n = 1000;
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[i] = (i * 7919L) % 5;
    }
    Tensor x = Tensor.of(keys);
    for (boolean descending : new boolean[] {false, true}) {
      ValuesAndIndices sorted = x.sort(0, descending);
      long[] values = sorted.values().toLongArray();
      long[] places = sorted.indices().toLongArray();
      for (int i = 1; i < n; i++) {
        boolean ordered = descending ? values[i - 1] >= values[i] : values[i - 1] <= values[i];
        assertThat(ordered).isTrue();
        assertThat(values[i - 1] != values[i] || places[i - 1] < places[i]).isTrue();
      }
    }
  }

  @Test
  void extremesOfWholeNumbersAreExact() {
    Tensor x = Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1});
    assertThat(x.sort(0).values().toLongArray())
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE);
    assertThat(x.argsort(0, true).toLongArray()).containsExactly(1, 2, 0);
    assertThat(x.max().itemLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(x.unique().values().numel()).isEqualTo(3);
    assertThat(x.isin(Tensor.of(new long[] {Long.MAX_VALUE - 1})).toBooleanArray())
        .containsExactly(false, false, true);
  }

  @Test
  void modesAndMediansSayWhere() {
    Tensor x = Tensor.of(new float[] {3, 1, 3, 2, 1}, 1, 5);
    ValuesAndIndices mode = x.mode(1, false);
    assertThat(mode.values().item()).isEqualTo(1);
    assertThat(x.select(0, 0).select(0, mode.indices().itemLong()).item()).isEqualTo(1);
    assertThat(x.median(1, true).values().item()).isEqualTo(2);
    assertThat(x.median(1, true).indices().itemLong()).isEqualTo(3);
  }

  @Test
  void onlyNanIsUnlikeItself() {
    double tiny = -3 * Double.MIN_VALUE;
    Tensor x = Tensor.of(new double[] {tiny, tiny, Double.NaN, Double.NaN, -0.0, 0});
    assertThat(x.uniqueConsecutive().counts().toLongArray()).containsExactly(2, 1, 1, 2);
    assertThat(x.unique().counts().toLongArray()).containsExactly(2, 2, 1, 1);
  }
}
