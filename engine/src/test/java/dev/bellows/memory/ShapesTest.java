package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ShapesTest {
  private static long[] of(long... values) {
    return values;
  }

  @Test
  void stridesAndLayouts() {
    assertThat(Shapes.contiguousStrides(of(2, 3, 4))).containsExactly(12, 4, 1);
    assertThat(Shapes.channelsLastStrides(of(2, 3, 4, 5))).containsExactly(60, 1, 15, 3);
    assertThat(Shapes.isContiguous(of(2, 1, 4), of(4, 99, 1))).isTrue();
    assertThat(Shapes.isContiguous(of(2, 3), of(1, 2))).isFalse();
    assertThat(Shapes.isContiguous(of(0, 3), of(7, 7))).isTrue();
    assertThat(Shapes.isChannelsLast(of(2, 3, 4, 5), of(60, 1, 15, 3))).isTrue();
    assertThat(Shapes.isChannelsLast(of(2, 3, 4, 5), of(60, 20, 5, 1))).isFalse();
    assertThat(Shapes.isDense(of(2, 3), of(1, 2))).isTrue();
    assertThat(Shapes.isDense(of(2, 3), of(0, 1))).isFalse();
    assertThat(Shapes.isDense(of(2, 3), of(4, 1))).isFalse();
    assertThat(Shapes.isDense(of(2, 1, 3), of(1, 50, 2))).isTrue();
    assertThat(Shapes.numel(of())).isEqualTo(1);
    assertThatThrownBy(() -> Shapes.numel(of(1L << 40, 1L << 40)))
        .isInstanceOf(SizeOverflowException.class)
        .hasMessageContaining("must be below 2^63; got sizes [1099511627776, 1099511627776]");
  }

  @Test
  void broadcasting() {
    assertThat(Shapes.broadcast("add", of(3, 1), of(2, 1, 4))).containsExactly(2, 3, 4);
    assertThat(Shapes.broadcast("add", of(), of(0))).containsExactly(0);
    assertThat(Shapes.broadcast("add", of(1), of(0))).containsExactly(0);
    assertThatThrownBy(() -> Shapes.broadcast("add", of(2, 3), of(2, 4)))
        .hasMessageContaining("add: ")
        .hasMessageContaining("size of tensor a (3)")
        .hasMessageContaining("tensor b (4) at non-singleton dimension 1; got [2, 3] and [2, 4]");
  }

  @Test
  void arraysKnowTheirLayout() {
    Storage storage = Storage.allocate(1000);
    Strided a = new Strided(storage, DType.FLOAT32, of(2, 3), of(3, 1), 5);
    assertThat(a.address()).isEqualTo(storage.address() + 20);
    assertThat(a.byteOffset()).isEqualTo(20);
    assertThat(a.numel()).isEqualTo(6);
    assertThat(a.isContiguous()).isTrue();
    Strided t = a.with(of(3, 2), of(1, 3), 5);
    assertThat(t.isContiguous()).isFalse();
    assertThat(t.isDense()).isTrue();
    assertThat(t.sameLayout(a)).isFalse();
    assertThat(a.sameLayout(a.with(of(2, 3), of(3, 1), 0))).isTrue();
    assertThat(a).hasToString("FLOAT32[2, 3] strides [3, 1]");
    storage.release();
  }
}
