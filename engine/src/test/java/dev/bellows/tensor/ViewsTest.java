package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What shares memory, where its elements lie, and what changes with it. */
@Timeout(60)
class ViewsTest {
  private static Arguments of(
      String name, UnaryOperator<Tensor> f, long[] shape, long[] strides, long offset) {
    return Arguments.of(name, f, shape, strides, offset);
  }

  private static long[] a(long... values) {
    return values;
  }

  /** Of 0 … 23 as [2, 3, 4]. */
  static Stream<Arguments> views() {
    return Stream.of(
        of("view", x -> x.view(4, 6), a(4, 6), a(6, 1), 0),
        of("view -1", x -> x.view(2, -1), a(2, 12), a(12, 1), 0),
        of("reshape", x -> x.reshape(24), a(24), a(1), 0),
        of("flatten", x -> x.flatten(1), a(2, 12), a(12, 1), 0),
        of("permute", x -> x.permute(2, 0, 1), a(4, 2, 3), a(1, 12, 4), 0),
        of("permute negative", x -> x.permute(-1, 0, 1), a(4, 2, 3), a(1, 12, 4), 0),
        of("transpose", x -> x.transpose(0, -1), a(4, 3, 2), a(1, 4, 12), 0),
        of("t", x -> x.select(0, 1).t(), a(4, 3), a(1, 4), 12),
        of("unsqueeze", x -> x.unsqueeze(1), a(2, 1, 3, 4), a(12, 12, 4, 1), 0),
        of("unsqueeze last", x -> x.unsqueeze(-1), a(2, 3, 4, 1), a(12, 4, 1, 1), 0),
        of("squeeze", x -> x.unsqueeze(1).squeeze(1), a(2, 3, 4), a(12, 4, 1), 0),
        of("narrow", x -> x.narrow(1, 1, 2), a(2, 2, 4), a(12, 4, 1), 4),
        of("narrow from the end", x -> x.narrow(2, -3, 2), a(2, 3, 2), a(12, 4, 1), 1),
        of("slice", x -> x.slice(2, 1, 4, 2), a(2, 3, 2), a(12, 4, 2), 1),
        of("slice from the end", x -> x.slice(1, -2, 100, 1), a(2, 2, 4), a(12, 4, 1), 4),
        of("slice of nothing", x -> x.slice(1, 2, 1, 1), a(2, 0, 4), a(12, 4, 1), 8),
        of("select", x -> x.select(1, 2), a(2, 4), a(12, 1), 8),
        of("select from the end", x -> x.select(0, -1), a(3, 4), a(4, 1), 12),
        of("expand", x -> x.select(0, 0).unsqueeze(0).expand(5, -1, 4), a(5, 3, 4), a(0, 4, 1), 0),
        of("viewAs", x -> x.viewAs(Tensor.zeros(6, 4)), a(6, 4), a(4, 1), 0),
        of("view of bits", x -> x.view(DType.FLOAT64), a(2, 3, 4), a(12, 4, 1), 0),
        of("mT", Tensor::mT, a(2, 4, 3), a(12, 1, 4), 0),
        of("movedim", x -> x.movedim(0, 2), a(3, 4, 2), a(4, 1, 12), 0),
        of("flatten two", x -> x.flatten(0, 1), a(6, 4), a(4, 1), 0),
        of("unflatten", x -> x.unflatten(2, 2, -1), a(2, 3, 2, 2), a(12, 4, 2, 1), 0),
        of("ravel", Tensor::ravel, a(24), a(1), 0),
        of("squeeze all", x -> x.unsqueeze(0).unsqueeze(-1).squeeze(), a(2, 3, 4), a(12, 4, 1), 0),
        of("expandAs", x -> x.select(0, 1).expandAs(x), a(2, 3, 4), a(0, 4, 1), 12),
        of("split", x -> x.split(2, 1).get(1), a(2, 1, 4), a(12, 4, 1), 8),
        of("split sizes", x -> x.split(a(1, 3), 2).get(1), a(2, 3, 3), a(12, 4, 1), 1),
        of("chunk", x -> x.chunk(2, 2).get(1), a(2, 3, 2), a(12, 4, 1), 2),
        of("tensorSplit", x -> x.tensorSplit(2, 1).get(0), a(2, 2, 4), a(12, 4, 1), 0),
        of("unbind", x -> x.unbind(1).get(2), a(2, 4), a(12, 1), 8),
        of("diagonal", x -> x.diagonal(1, 1, 2), a(2, 3), a(12, 5), 1),
        of("unfold", x -> x.unfold(2, 2, 2), a(2, 3, 2, 2), a(12, 4, 2, 1), 0),
        of("asStrided", x -> x.asStrided(a(2, 2), a(7, 2), 3), a(2, 2), a(7, 2), 3),
        of("detach", Tensor::detach, a(2, 3, 4), a(12, 4, 1), 0),
        of("reshape of a slice", x -> x.narrow(1, 0, 2).reshape(2, 8), a(2, 8), a(12, 1), 0),
        of("view of a permuted", x -> x.permute(1, 2, 0).view(12, 2), a(12, 2), a(1, 12), 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void sharesMemory(
      String name, UnaryOperator<Tensor> f, long[] shape, long[] strides, long offset) {
    Tensor base = Tensor.arange(24).view(2, 3, 4);
    Tensor view = f.apply(base);
    assertThat(view.storage()).isSameAs(base.storage());
    assertThat(view.isView()).isEqualTo(!List.of("detach", "view of bits").contains(name));
    assertThat(view.shape()).isEqualTo(shape);
    long[] actual = view.strides();
    for (int d = 0; d < shape.length; d++) {
      if (shape[d] > 1) {
        assertThat(actual[d]).as("stride of dimension %d", d).isEqualTo(strides[d]);
      }
    }
    assertThat(view.storageOffset()).isEqualTo(offset);
    if (!name.startsWith("expand") && view.dtype() == DType.INT64) {
      int version = base.storage().version();
      view.add_(100);
      assertThat(base.storage().version()).isEqualTo(version + 1);
      long changed = 0;
      for (long value : base.toLongArray()) {
        changed += value >= 100 ? 1 : 0;
      }
      assertThat(changed).isEqualTo(view.numel());
    }
  }

  static Stream<Arguments> copies() {
    return Stream.of(
        Arguments.of("copy", (UnaryOperator<Tensor>) Tensor::clone),
        Arguments.of("to another type", (UnaryOperator<Tensor>) x -> x.to(DType.FLOAT32)),
        Arguments.of("contiguous of a permuted", (UnaryOperator<Tensor>) x -> x.t().contiguous()),
        Arguments.of("reshape of a permuted", (UnaryOperator<Tensor>) x -> x.t().reshape(12)),
        Arguments.of("flatten of a permuted", (UnaryOperator<Tensor>) x -> x.t().flatten(0)),
        Arguments.of("add", (UnaryOperator<Tensor>) x -> x.add(0)),
        Arguments.of("neg", (UnaryOperator<Tensor>) Tensor::neg),
        Arguments.of("relu", (UnaryOperator<Tensor>) Tensor::relu),
        Arguments.of("sum", (UnaryOperator<Tensor>) x -> x.sum(0, true)),
        Arguments.of("cat", (UnaryOperator<Tensor>) x -> Tensor.cat(List.of(x), 0)),
        Arguments.of("repeat", (UnaryOperator<Tensor>) x -> x.repeat(1, 1)),
        Arguments.of("tile", (UnaryOperator<Tensor>) x -> x.tile(1)),
        Arguments.of("flip", (UnaryOperator<Tensor>) x -> x.flip()),
        Arguments.of("roll", (UnaryOperator<Tensor>) x -> x.roll(0)),
        Arguments.of("rot90", (UnaryOperator<Tensor>) x -> x.rot90(0, 0, 1)),
        Arguments.of("stack", (UnaryOperator<Tensor>) x -> Tensor.stack(List.of(x), 0)),
        Arguments.of(
            "gather", (UnaryOperator<Tensor>) x -> x.gather(0, Tensor.zeros(DType.INT64, 1, 4))),
        Arguments.of(
            "indexSelect",
            (UnaryOperator<Tensor>) x -> x.indexSelect(0, Tensor.of(new long[] {1}))),
        Arguments.of(
            "scatterAdd",
            (UnaryOperator<Tensor>)
                x ->
                    x.scatterAdd(
                        0, Tensor.zeros(DType.INT64, 1, 4), Tensor.ones(DType.INT64, 1, 4))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("copies")
  void hasItsOwnMemory(String name, UnaryOperator<Tensor> f) {
    Tensor base = Tensor.arange(12).view(3, 4);
    Tensor copy = f.apply(base);
    assertThat(copy.storage()).isNotSameAs(base.storage());
    copy.fill_(-7);
    assertThat(base.toLongArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void whatChangesNothingAnswersItself() {
    Tensor x = Tensor.ones(2, 3);
    assertThat(x.contiguous()).isSameAs(x);
    assertThat(x.to(DType.FLOAT32)).isSameAs(x);
    assertThat(x.squeeze(0)).as("a view").isNotSameAs(x);
    assertThat(x.expand(2, 3)).as("a view").isNotSameAs(x);
  }

  @Test
  void copiesKeepTheOrderOfMemory() {
    Tensor x = Tensor.arange(6).view(2, 3).t();
    assertThat(x.clone().strides()).containsExactly(1, 3);
    assertThat(x.add(1).strides()).containsExactly(1, 3);
    assertThat(Tensor.zerosLike(x).strides()).containsExactly(1, 3);
    assertThat(x.narrow(0, 0, 2).clone().isContiguous()).isTrue();
    assertThat(x.contiguous().toLongArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void writingThroughAView() {
    Tensor x = Tensor.zeros(3, 3);
    x.select(1, 1).fill_(2);
    x.slice(0, 0, 3, 2).mul_(10);
    x.t().narrow(0, 2, 1).copy_(Tensor.of(new float[] {7, 8, 9}));
    assertThat(x.toFloatArray()).containsExactly(0, 20, 7, 0, 2, 8, 0, 20, 9);
  }

  @Test
  void stridesNeedNotNest() {
    float[] numbers = new float[4 * 2 * 31];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    Tensor odd = Tensor.of(numbers, 4, 2, 31).slice(2, 0, Long.MAX_VALUE, 2); // 16 steps of 2 in 31
    assertThat(odd.contiguous().select(0, 3).select(0, 1).toFloatArray())
        .startsWith(217, 219, 221)
        .endsWith(247);
    assertThat(odd.contiguous().sum().item()).isEqualTo(odd.to(DType.FLOAT64).sum().item());
    Tensor ones = Tensor.of(numbers, 8, 31).slice(0, 0, 8, 2).unsqueeze(1).transpose(0, 2);
    assertThat(ones.contiguous().transpose(0, 2).toFloatArray())
        .isEqualTo(ones.to(DType.FLOAT64).transpose(0, 2).toFloatArray());
  }

  @Test
  void expandedTensorsAreNotWritten() {
    Tensor x = Tensor.ones(1, 3).expand(2, 3);
    for (UnaryOperator<Tensor> write :
        List.<UnaryOperator<Tensor>>of(
            t -> t.add_(1), t -> t.fill_(2), t -> t.copy_(Tensor.ones(3)), t -> t.mul_(t))) {
      assertThatThrownBy(() -> write.apply(x))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "unsupported operation: more than one element of the written-to tensor refers to a"
                  + " single memory location. Please clone() the tensor before performing the"
                  + " operation.; ");
    }
    assertThat(x.clone().add_(1).toFloatArray()).containsOnly(2);
    assertThat(Tensor.ones(1, 0).expand(2, 0).add_(1).shape()).containsExactly(2, 0);
  }

  @Test
  void readingPartOfWhatIsWrittenIsRefused() {
    Tensor x = Tensor.arange(6);
    assertThatThrownBy(() -> x.narrow(0, 0, 4).copy_(x.narrow(0, 1, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "unsupported operation: some elements of the input tensor and the written-to tensor"
                + " refer to a single memory location. Please clone() the tensor before performing"
                + " the operation.; copy_");
    Tensor square = Tensor.arange(4).view(2, 2);
    assertThatThrownBy(() -> square.add_(square.t())).hasMessageContaining("; add_");
    assertThatThrownBy(() -> square.mul_(square.select(0, 0))).hasMessageContaining("; mul_");
    assertThat(x.narrow(0, 0, 3).copy_(x.narrow(0, 3, 3)).toLongArray()).containsExactly(3, 4, 5);
    assertThat(square.add_(square).toLongArray()).containsExactly(0, 2, 4, 6);
  }

  @Test
  void inPlaceMayBroadcastTheSourceOnly() {
    Tensor x = Tensor.zeros(2, 3);
    x.add_(Tensor.of(new float[] {1, 2, 3}));
    assertThat(x.toFloatArray()).containsExactly(1, 2, 3, 1, 2, 3);
    assertThatThrownBy(() -> Tensor.zeros(3).add_(Tensor.zeros(2, 3)))
        .hasMessage("add_: output with shape [3] doesn't match the broadcast shape [2, 3]");
    assertThatThrownBy(() -> Tensor.zeros(3).copy_(Tensor.zeros(2, 3)))
        .hasMessage("copy_: source must broadcast to the target; got source [2, 3], target [3]");
  }

  @Test
  void versionsCountWrites() {
    Tensor x = Tensor.zeros(3);
    int version = x.storage().version();
    x.add_(1);
    x.detach().mul_(2);
    x.uniform_(new Generator(1), 0, 1);
    x.view(3, 1).zero_();
    assertThat(x.storage().version()).isEqualTo(version + 4);
    x.sum();
    assertThat(x.storage().version()).isEqualTo(version + 4);
  }
}
