package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.of;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes that overflow are refused with the operation's name and the sizes. */
@Timeout(60)
class SizeOverflowTest {
  private static final long BIG = 1L << 32;
  private static final long HUGE = 1L << 62;

  private static Tensor one() {
    return Tensor.ones(1);
  }

  private static Tensor row() {
    return one().expand(BIG);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        of("empty", run(() -> Tensor.empty(BIG, BIG))),
        of("empty", run(() -> Tensor.empty(DType.FLOAT64, 1L << 60))),
        of("zeros", run(() -> Tensor.zeros(BIG, BIG))),
        of("ones", run(() -> Tensor.ones(DType.INT8, BIG, BIG))),
        of("full", run(() -> Tensor.full(1, DType.BOOL, BIG, BIG))),
        of("rand", run(() -> Tensor.rand(BIG, BIG))),
        of("randn", run(() -> Tensor.randn(BIG, BIG))),
        of("randint", run(() -> Tensor.randint(5, BIG, BIG))),
        of("normal", run(() -> Tensor.normal(0.0, 1.0, BIG, BIG))),
        of("eye", run(() -> Tensor.eye(BIG))),
        of("linspace", run(() -> Tensor.linspace(0, 1, HUGE))),
        of("arange", run(() -> Tensor.arange(HUGE))),
        of("arange", run(() -> Tensor.arange(-HUGE, HUGE + 1))),
        of("arange", run(() -> Tensor.arange(0, 1e30))),
        of("randperm", run(() -> Tensor.randperm(HUGE))),
        of("newZeros", run(() -> one().newZeros(BIG, BIG))),
        of("newEmpty", run(() -> one().newEmpty(BIG, BIG))),
        of("zeros", run(() -> Tensor.on(Device.CPU).zeros(BIG, BIG))),
        of("expand", run(() -> one().expand(BIG, BIG))),
        of("repeat", run(() -> Tensor.ones(2).repeat(BIG, BIG))),
        of("repeat", run(() -> Tensor.ones(2).repeat(HUGE))),
        of("repeat", run(() -> Tensor.ones(2).tile(HUGE, 2))),
        of("view", run(() -> one().view(BIG, BIG))),
        of("add", run(() -> row().unsqueeze(1).add(row()))),
        of("mul", run(() -> row().outer(row()))),
        of("meshgrid", run(() -> Tensor.meshgrid(List.of(row(), row())))),
        of("kron", run(() -> row().kron(row()))),
        of("matmul", run(() -> row().unsqueeze(1).matmul(row().unsqueeze(0)))),
        of("cat", run(() -> Tensor.cat(List.of(huge(), huge()), 0))),
        of("repeatInterleave", run(() -> Tensor.ones(4).repeatInterleave(HUGE, 0))),
        of("trilIndices", run(() -> Tensor.trilIndices(BIG, BIG, 0))),
        of("diagEmbed", run(() -> Tensor.ones(2).diagEmbed(HUGE))));
  }

  private static Tensor huge() {
    return Tensor.ones(DType.BOOL, 1).expand(HUGE);
  }

  private static Runnable run(Runnable call) {
    return call;
  }

  @ParameterizedTest
  @MethodSource("calls")
  void isRefusedByName(String operation, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(operation + ": ")
        .hasMessageMatching("(?s).*[0-9]{8}.*");
  }

  @Test
  void namesTheSizes() {
    assertThatThrownBy(() -> Tensor.empty(BIG, BIG))
        .hasMessage(
            "empty: Storage size calculation overflowed: number of elements must be below 2^63; got"
                + " sizes [4294967296, 4294967296]");
    assertThatThrownBy(() -> Tensor.empty(DType.FLOAT64, 1L << 61))
        .hasMessage(
            "empty: Storage size calculation overflowed: number of bytes in FLOAT64 must be below"
                + " 2^63; got sizes [2305843009213693952]");
  }

  @Test
  void noElementsAreNoneWhateverTheOtherSizes() {
    assertThat(Tensor.empty(BIG, BIG, 0).numel()).isZero();
    assertThat(Tensor.empty(0, BIG, BIG, BIG).numel()).isZero();
  }

  @Test
  void arraysHoldNoMoreThanJavasDo() {
    Tensor many = Tensor.ones(DType.BOOL, 1).expand(BIG);
    for (Runnable call :
        List.<Runnable>of(
            many::toFloatArray,
            many::toDoubleArray,
            many::toLongArray,
            many::toIntArray,
            many::toShortArray,
            many::toByteArray,
            many::toBooleanArray,
            many::toArray,
            many::toList)) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "a Java array holds at most 2147483639 elements; got BOOL[4294967296]");
    }
  }
}
