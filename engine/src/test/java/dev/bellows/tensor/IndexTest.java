package dev.bellows.tensor;

import static dev.bellows.tensor.Index.all;
import static dev.bellows.tensor.Index.at;
import static dev.bellows.tensor.Index.ellipsis;
import static dev.bellows.tensor.Index.newAxis;
import static dev.bellows.tensor.Index.of;
import static dev.bellows.tensor.Index.places;
import static dev.bellows.tensor.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Index expressions: what they read, share and write, and what is refused. */
@Timeout(60)
class IndexTest {
  /** 0 … 23 as [2, 3, 4]. */
  private static Tensor x() {
    return Tensor.arange(24).view(2, 3, 4);
  }

  private static Arguments reads(
      String python, Index[] items, boolean view, long[] shape, long... values) {
    return Arguments.of(python, items, view, shape, values);
  }

  private static Index[] i(Index... items) {
    return items;
  }

  private static long[] s(long... sizes) {
    return sizes;
  }

  static Stream<Arguments> expressions() {
    Tensor mask = Tensor.of(new boolean[] {true, false, true});
    return Stream.of(
        reads("x[1]", i(at(1)), true, s(3, 4), 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23),
        reads("x[0, 1:3, 0]", i(at(0), slice(1, 3), at(0)), true, s(2), 4, 8),
        reads("x[0, ::2, 0]", i(at(0), slice(null, null, 2), at(0)), true, s(2), 0, 8),
        reads("x[..., 0]", i(ellipsis(), at(0)), true, s(2, 3), 0, 4, 8, 12, 16, 20),
        reads("x[None, 1, 2]", i(newAxis(), at(1), at(2)), true, s(1, 4), 20, 21, 22, 23),
        reads("x[:, -1, -1]", i(all(), at(-1), at(-1)), true, s(2), 11, 23),
        reads("x[1, mask, 0]", i(at(1), of(mask), at(0)), false, s(2), 12, 20),
        reads(
            "x[[1,0],[1,2],[2,0]]",
            i(places(1, 0), places(1, 2), places(2, 0)),
            false,
            s(2),
            18,
            8),
        reads(
            "x[[1,1,0],[0],[1]]", i(places(1, 1, 0), places(0), places(1)), false, s(3), 13, 13, 1),
        reads(
            "x[0, [0,2], ...]",
            i(at(0), places(0, 2), ellipsis()),
            false,
            s(2, 4),
            0,
            1,
            2,
            3,
            8,
            9,
            10,
            11),
        reads(
            "x[[0,1], :, [0,3]]",
            i(places(0, 1), all(), places(0, 3)),
            false,
            s(2, 3),
            0,
            4,
            8,
            15,
            19,
            23),
        reads("x[1, :, [-1]]", i(at(1), all(), places(-1)), false, s(3, 1), 15, 19, 23),
        reads(
            "x[0, 0, [True...]]",
            i(at(0), at(0), of(Tensor.of(new boolean[] {true, false, false, true}))),
            false,
            s(2),
            0,
            3),
        reads(
            "x[True, 0, 0]",
            i(of(Tensor.of((Object) true)), at(0), at(0)),
            false,
            s(1, 4),
            0,
            1,
            2,
            3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void readsAndSharesAsPyTorch(
      String python, Index[] items, boolean view, long[] shape, long[] values) {
    Tensor x = x();
    Tensor y = x.get(items);
    assertThat(y.shape()).isEqualTo(shape);
    assertThat(y.toLongArray()).isEqualTo(values);
    assertThat(y.storage() == x.storage()).as("shares memory").isEqualTo(view);
  }

  @ParameterizedTest(name = "{0} = 100 + ...")
  @MethodSource("expressions")
  void writesWhereItReads(String python, Index[] items, boolean view, long[] shape, long[] values) {
    Tensor x = x();
    Tensor replacement = Tensor.arange(values.length).add(100).view(shape);
    assertThat(x.set(replacement, items)).isSameAs(x);
    boolean repeated = python.startsWith("x[[1,1,0]");
    if (!repeated) {
      assertThat(x.get(items).toLongArray()).isEqualTo(replacement.toLongArray());
    }
    long changed = 0;
    for (long value : x.toLongArray()) {
      changed += value >= 100 ? 1 : 0;
    }
    assertThat(changed).isEqualTo(repeated ? 2 : values.length);
    x.set(-7, items);
    assertThat(x.get(items).toLongArray()).containsOnly(-7);
  }

  @Test
  void writesThroughViewsHaveGradients() {
    Tensor w = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).setRequiresGrad(true);
    Tensor v = Tensor.of(new double[] {5, 6}).setRequiresGrad(true);
    Tensor y = w.mul(10);
    y.t().set(v, places(1, 0), places(0, 0)); // y[0][1] = 5, y[0][0] = 6
    y.set(v.mul(2), at(1));
    assertThat(y.toDoubleArray()).containsExactly(6, 5, 10, 12);
    y.mul(Tensor.of(new double[] {1, 10, 100, 1000}, 2, 2)).sum().backward();
    assertThat(w.grad().toDoubleArray()).containsOnly(0);
    assertThat(v.grad().toDoubleArray()).containsExactly(10 + 200, 1 + 2000);
  }

  @Test
  void whatOverlapsIsReadBeforeItIsWritten() {
    Tensor x = Tensor.arange(5);
    x.set(x.get(slice(0, 4)), slice(1, 5));
    assertThat(x.toLongArray()).containsExactly(0, 0, 1, 2, 3);
    x.set(x, places(4, 3, 2, 1, 0));
    assertThat(x.toLongArray()).containsExactly(3, 2, 1, 0, 0);
  }

  @Test
  void accumulatesInOrder() {
    Tensor x = Tensor.zeros(3);
    Tensor at = Tensor.of(new long[] {1, 1, 2});
    x.indexPut_(List.of(at), Tensor.of(new float[] {1, 2, 3}), true);
    assertThat(x.toFloatArray()).containsExactly(0, 3, 3);
    x.indexPut_(List.of(at), Tensor.of(new float[] {5, 6, 7}), false);
    assertThat(x.toFloatArray()).as("the last wins").containsExactly(0, 6, 7);
  }

  private static Arguments no(String start, ThrowingCallable call) {
    return Arguments.of(start, call);
  }

  static Stream<Arguments> refused() {
    Tensor z = Tensor.zeros(2, 3);
    Tensor whole = Tensor.zeros(DType.INT64, 2, 3);
    Tensor i = Tensor.zeros(DType.INT64, 2, 3);
    Tensor five = Tensor.of(new long[] {5});
    return Stream.of(
        no("too many indices for tensor of dimension 2; got 3", () -> z.get(at(0), at(0), at(0))),
        no("index 5 is out of bounds for dimension 1 with size 3", () -> z.get(all(), at(5))),
        no("index -4 is out of bounds for dimension 1 with size 3", () -> z.get(all(), places(-4))),
        no("an index can only have a single ellipsis", () -> z.get(ellipsis(), ellipsis())),
        no(
            "The shape of the mask [4] at index 0 does not match the shape of the indexed tensor"
                + " [2, 3] at index 1",
            () -> z.get(all(), of(Tensor.ones(DType.BOOL, 4)))),
        no(
            "shape mismatch: indexing tensors could not be broadcast together with shapes [[2],"
                + " [3]]",
            () -> z.get(places(0, 1), places(0, 1, 2))),
        no(
            "tensors used as indices must be long, int, byte or bool tensors; got FLOAT32",
            () -> z.get(of(Tensor.zeros(1)))),
        no(
            "shape mismatch: value tensor of shape [4] cannot be broadcast to indexing result of"
                + " shape [1, 3]",
            () -> z.set(Tensor.zeros(4), places(0))),
        no("slice: step must be greater than zero; got -1", () -> z.get(slice(0, 1, -1))),
        no("gather: index must be in [0, 3)", () -> z.gather(1, i.add(3))),
        no("scatter: index must be in [0, 2)", () -> z.scatter(0, i.add(2), 1)),
        no(
            "scatter(): Expected self.dtype to be equal to src.dtype; got FLOAT32, INT64",
            () -> z.scatter(0, i, whole)),
        no(
            "scatter: Expected index [2, 3] to be no larger size in any dimension than src [1, 3]",
            () -> z.scatter(0, i, Tensor.zeros(1, 3))),
        no(
            "scatter(): Expected dtype int32/int64 for index; got FLOAT32",
            () -> z.scatter(0, z, z)),
        no("indexSelect(): Index is supposed to be a vector", () -> z.indexSelect(0, i)),
        no(
            "indexSelect(): Expected dtype int32/int64 for index; got FLOAT32",
            () -> z.indexSelect(0, Tensor.zeros(1))),
        no("gather: index must be in [0, 2)", () -> z.indexSelect(0, five)),
        no(
            "indexAdd(): self (FLOAT32) and source (INT64) must have the same scalar type",
            () -> z.indexAdd(0, five, whole, 1)),
        no(
            "indexAdd(): source must have self's shape with index's number of elements in dimension"
                + " 0, [1, 3]",
            () -> z.indexAdd(0, five, Tensor.zeros(1, 2), 1)),
        no("scatterAdd: index must be in [0, 2)", () -> z.indexAdd(0, five, Tensor.zeros(1, 3), 1)),
        no(
            "take(): out of range: tried to access index 6 on a tensor of 6 elements.",
            () -> z.take(Tensor.of(new long[] {6}))),
        no(
            "take(): tried to take from an empty tensor",
            () -> Tensor.zeros(0).take(Tensor.of(new long[] {0}))),
        no("take(): Expected a long tensor for index, but got FLOAT32", () -> z.take(z)),
        no(
            "put_(): Expected source and index to have the same number of elements",
            () -> z.put_(five, z, false)),
        no(
            "take_along_dim(): dtype of indices should be Long but got FLOAT32",
            () -> z.takeAlongDim(z, 0)),
        no(
            "take_along_dim(): input and indices should have the same number of dimensions",
            () -> z.takeAlongDim(five, 0)),
        no("maskedSelect: expected BoolTensor for mask; got FLOAT32", () -> z.maskedSelect(z)),
        no("maskedFill: expected BoolTensor for mask; got INT64", () -> z.maskedFill(i, 1)),
        no(
            "maskedFill: value cannot be converted to type INT64 without overflow; got 1.5",
            () -> whole.maskedFill(z.eq(0), 1.5)),
        no(
            "masked_fill_ only supports a 0-dimensional value tensor",
            () -> z.maskedFill(z.eq(0), Tensor.zeros(1))),
        no(
            "masked_scatter: number of elements of source < number of ones in mask; got 1 < 6",
            () -> z.maskedScatter(z.eq(0), Tensor.zeros(1))),
        no(
            "masked_scatter: expected self and source to have same dtypes",
            () -> z.maskedScatter(z.eq(0), whole)),
        no("repeats can not be negative; got -1", () -> z.repeatInterleave(-1, 0)),
        no(
            "repeats must be 0-dim or 1-dim",
            () -> z.repeatInterleave(Tensor.of(new long[] {1, 2, 3}), 0)),
        no(
            "selectScatter: expected src to have a size equal to the part of self",
            () -> z.selectScatter(z, 0, 0)),
        no(
            "tril: input tensor must have at least 2 dimensions; got [3]",
            () -> Tensor.zeros(3).tril(0)),
        no("row and col must be non-negative; got -1, 2", () -> Tensor.trilIndices(-1, 2, 0)),
        no("diag(): Supports 1D or 2D tensors. Got 3D", () -> Tensor.zeros(1, 1, 1).diag(0)),
        no(
            "one_hot is only applicable to index tensor of type LongTensor; got FLOAT32",
            () -> z.oneHot(3)),
        no("Class values must be smaller than num_classes; got 5 of 3", () -> five.oneHot(3)),
        no(
            "where expected condition to be a boolean tensor, but got a tensor with dtype FLOAT32",
            () -> Tensor.where(z, z, z)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String start, ThrowingCallable call) {
    assertThatThrownBy(call).hasMessageStartingWith(start);
  }

  @Test
  void aRefusedWriteChangesNothing() {
    Tensor x = Tensor.zeros(3);
    Tensor bad = Tensor.of(new long[] {0, 7});
    assertThatThrownBy(() -> x.set(1, of(bad))).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> x.scatter_(0, bad, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> x.put_(bad, Tensor.ones(2), true))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(x.toFloatArray()).containsOnly(0);
  }

  @Test
  void plainPlacesAreViews() {
    Tensor x = Tensor.arange(24).reshape(2, 3, 4);
    assertThat(x.get(1, 2, 3).itemLong()).isEqualTo(23);
    assertThat(x.get(-1, 0).toLongArray()).containsExactly(12, 13, 14, 15);
    x.get(0).fill_(7);
    x.set(-1, 1, 2, 3);
    x.set(Tensor.of(new long[] {1, 2, 3, 4}), 1, 0);
    x.set(2.9, -1, -2);
    assertThat(x.toLongArray())
        .containsExactly(
            7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3, 4, 2, 2, 2, 2, 20, 21, 22, -1);
    assertThatThrownBy(() -> x.get(2))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index 2 is out of bounds for dimension 0 with size 2");
    assertThatThrownBy(() -> x.set(1, 0, 0, 0, 0))
        .hasMessage("too many indices for tensor of dimension 3; got 4");
    assertThatThrownBy(() -> Tensor.scalar(1).get(0)).hasMessageStartingWith("invalid index");
  }

  @Test
  void indicesAreOfTwoTypes() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).setRequiresGrad(true);
    Tensor wide = Tensor.of(new long[] {1, 0}, 2, 1);
    Tensor index = wide.to(DType.INT32);
    Tensor src = Tensor.of(new double[] {7, 8}, 2, 1);
    assertThat(x.gather(1, index).toDoubleArray()).containsExactly(2, 3);
    assertThat(x.scatter(1, index, src).toDoubleArray()).containsExactly(1, 7, 8, 4);
    assertThat(x.scatter(1, index, 9).toDoubleArray()).containsExactly(1, 9, 9, 4);
    assertThat(x.scatterAdd(1, index, src).toDoubleArray()).containsExactly(1, 9, 11, 4);
    for (ScatterReduce reduce : ScatterReduce.values()) {
      assertThat(x.scatterReduce(1, index, src, reduce, false).toDoubleArray())
          .isEqualTo(x.scatterReduce(1, wide, src, reduce, false).toDoubleArray());
    }
    x.gather(1, index).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 1, 1, 0);
    for (DType type : List.of(DType.INT16, DType.UINT8, DType.BOOL, DType.FLOAT32)) {
      assertThatThrownBy(() -> x.gather(1, wide.to(type)))
          .hasMessage("gather(): Expected dtype int32/int64 for index; got " + type);
      assertThatThrownBy(() -> x.scatterAdd(1, wide.to(type), src))
          .hasMessage("scatterAdd(): Expected dtype int32/int64 for index; got " + type);
    }
  }
}
