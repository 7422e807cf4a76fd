package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CollateTest {
  private record Sample(Tensor image, int label, String name) {}

  private record Row(Tensor x, List<Double> extra) {}

  @Test
  void recordsMapsAndListsBecomeNamedTensors() {
    Batch batch =
        Collate.batch(
            List.of(
                new Row(Tensor.ones(2), List.of(1.0, 2.0)),
                new Row(Tensor.zeros(2), List.of(3.0, 4.0))));
    assertThat(batch).hasToString("Batch(x FLOAT32[2, 2], extra.0 FLOAT64[2], extra.1 FLOAT64[2])");
    assertThat(batch.input("extra.1").toDoubleArray()).containsExactly(2, 4);
    assertThat(Collate.batch(List.of(Map.of("a", 1), Map.of("a", 2))).input("a").dtype())
        .isEqualTo(DType.INT64);
    assertThat(Collate.batch(List.of(Tensor.ones(3), Tensor.ones(3))).input("0").shape())
        .containsExactly(2, 3);
    assertThat(Collate.batch(List.of(new Object[] {true, 1f}, new Object[] {false, 2f})))
        .hasToString("Batch(0 BOOL[2], 1 FLOAT32[2])");
    assertThat(Collate.batch(List.of(new int[] {1, 2}, new int[] {3, 4})).input(0).toLongArray())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void nestedKeepsTheFormAndStrings() {
    Object nested =
        Collate.nested(
            List.of(new Sample(Tensor.ones(1, 2), 3, "a"), new Sample(Tensor.ones(1, 2), 4, "b")));
    Map<?, ?> map = (Map<?, ?>) nested;
    assertThat(map.get("name")).isEqualTo(List.of("a", "b"));
    assertThat(((Tensor) map.get("label")).toLongArray()).containsExactly(3, 4);
    assertThat(((Tensor) map.get("image")).shape()).containsExactly(2, 1, 2);
    assertThat(((List<?>) Collate.nested(List.of(List.of(1, "x"), List.of(2, "y")))).get(1))
        .isEqualTo(List.of("x", "y"));
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> Collate.nested(List.of()))
        .hasMessage("collate: there must be samples; got none");
    assertThatThrownBy(() -> Collate.nested(List.of(Tensor.ones(3), Tensor.ones(4))))
        .hasMessage(
            "collate: stack expects each tensor to be equal size, but got FLOAT32 [3] at entry 0"
                + " and FLOAT32 [4] at entry 1");
    assertThatThrownBy(() -> Collate.nested(List.of(1, "a")))
        .hasMessage(
            "collate: samples must be of one type; got Integer at entry 0 and String at entry 1");
    assertThatThrownBy(() -> Collate.nested(Arrays.asList(1, null)))
        .hasMessage("collate: samples must not be null; got null at entry 1");
    assertThatThrownBy(() -> Collate.nested(List.of(List.of(1), List.of(1, 2))))
        .hasMessage(
            "collate: each element in list of batch should be of equal size; got 1 at entry 0 and 2"
                + " at entry 1");
    assertThatThrownBy(() -> Collate.nested(List.of(Map.of("a", 1), Map.of("b", 1))))
        .hasMessage("collate: maps must have the same keys; got [a] at entry 0 and [b] at entry 1");
    assertThatThrownBy(() -> Collate.batch(List.of(Map.of("a", Thread.State.NEW))))
        .hasMessageEndingWith("found java.lang.Thread$State, in a");
    assertThatThrownBy(() -> Collate.batch(List.of(Map.of("a", "text"))))
        .hasMessageContaining("inputs of a batch must be tensors or numbers; got strings");
    assertThatThrownBy(() -> Collate.batch(List.of(Map.of("a", List.of()))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decimalsAreDoublesAndOtherNumbersAreRefused() {
    Tensor prices = (Tensor) Collate.nested(List.of(new BigDecimal("19.99"), new BigDecimal("2")));
    assertThat(prices.toDoubleArray()).containsExactly(19.99, 2);
    assertThatThrownBy(() -> Collate.nested(List.of(new AtomicInteger(1))))
        .hasMessageContaining("got java.util.concurrent.atomic.AtomicInteger");
  }
}
