package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors without dimensions where a dimension is expected; what PyTorch 2 gives. */
class ZeroDimTest {
  /** A call and what it prints, or a part of the message with which it is refused. */
  private record Case(String call, Supplier<Object> run, String expected) {
    @Override
    public String toString() {
      return call;
    }
  }

  private static Tensor s() {
    return Tensor.scalar(5.0);
  }

  private static Tensor f(float... values) {
    return Tensor.of(values);
  }

  private static Tensor one(double value) {
    return Tensor.scalar(value);
  }

  private static Tensor i0() {
    return Tensor.scalar(0);
  }

  private static Tensor at(long... places) {
    return Tensor.of(places);
  }

  private static Case gives(String call, Supplier<Object> run, String expected) {
    return new Case(call, run, expected);
  }

  private static Tensor v() {
    return f(1, 2);
  }

  private static Tensor matrix() {
    return Tensor.of(new long[] {0}, 1, 1);
  }

  private static final Tensor TRUE = Tensor.of(true);

  static Stream<Case> values() {
    return Stream.of(
        gives("s.gather(0, 0-d)", () -> s().gather(0, i0()), "tensor(5.)"),
        gives("s.gather(0, [0])", () -> s().gather(0, at(0)), "tensor([5.])"),
        gives("s.gather(-1, [0, 0])", () -> s().gather(-1, at(0, 0)), "tensor([5., 5.])"),
        gives("s.gather(0, [])", () -> s().gather(0, at()), "tensor([])"),
        gives("v.gather(0, 0-d)", () -> v().gather(0, Tensor.scalar(1)), "tensor(2.)"),
        gives("scatter 0-d", () -> s().scatter(0, i0(), one(7)), "tensor(7.)"),
        gives("scatter [0]", () -> s().scatter(0, at(0), f(7)), "tensor(7.)"),
        gives("scatter [0, 0]", () -> s().scatter(0, at(0, 0), f(7, 8)), "tensor(8.)"),
        gives("scatter [0] of 0-d", () -> s().scatter(0, at(0), one(7)), "tensor(7.)"),
        gives("scatter 0-d of [7, 8]", () -> s().scatter(0, i0(), f(7, 8)), "tensor(7.)"),
        gives("v.scatter 0-d", () -> v().scatter(0, i0(), one(7)), "tensor([7., 2.])"),
        gives("v.scatter 0-d of [7]", () -> v().scatter(0, i0(), f(7)), "tensor([7., 2.])"),
        gives("scatter value", () -> s().scatter(0, i0(), 7), "tensor(7.)"),
        gives("scatter value twice", () -> s().scatter(0, at(0, 0), 7), "tensor(7.)"),
        gives("scatter value nowhere", () -> s().scatter(0, at(), 7), "tensor(5.)"),
        gives("scatter_ value", () -> s().scatter_(0, i0(), 7), "tensor(7.)"),
        gives("scatterAdd 0-d", () -> s().scatterAdd(0, i0(), one(7)), "tensor(12.)"),
        gives("scatterAdd twice", () -> s().scatterAdd(0, at(0, 0), f(7, 8)), "tensor(20.)"),
        gives("scatterAdd [0] of 0-d", () -> s().scatterAdd(0, at(0), one(7)), "tensor(12.)"),
        gives("v.scatterAdd 0-d", () -> v().scatterAdd(0, i0(), one(7)), "tensor([8., 2.])"),
        gives(
            "scatterReduce PROD",
            () -> s().scatterReduce(0, i0(), one(7), ScatterReduce.PROD, true),
            "tensor(35.)"),
        gives(
            "scatterReduce MEAN",
            () -> s().scatterReduce(0, at(0, 0), f(7, 8), ScatterReduce.MEAN, true),
            "tensor(6.6667)"),
        gives(
            "scatterReduce AMAX",
            () -> s().scatterReduce(0, at(0, 0), f(7, 8), ScatterReduce.AMAX, false),
            "tensor(8.)"),
        gives("indexSelect 0-d", () -> s().indexSelect(0, i0()), "tensor(5.)"),
        gives("indexSelect [0]", () -> s().indexSelect(0, at(0)), "tensor(5.)"),
        gives("v.indexSelect 0-d", () -> v().indexSelect(0, i0()), "tensor([1.])"),
        gives("indexAdd 0-d", () -> s().indexAdd(0, i0(), one(7), 1), "tensor(12.)"),
        gives("v.indexAdd 0-d", () -> v().indexAdd(0, i0(), f(7), 1), "tensor([8., 2.])"),
        gives("indexCopy 0-d", () -> s().indexCopy(0, i0(), one(7)), "tensor(7.)"),
        gives("indexCopy [0] of [7]", () -> s().indexCopy(0, at(0), f(7)), "tensor(7.)"),
        gives("indexCopy [0] of 0-d", () -> s().indexCopy(0, at(0), one(7)), "tensor(7.)"),
        gives("indexCopy 0-d of [7]", () -> s().indexCopy(0, i0(), f(7)), "tensor(7.)"),
        gives("v.indexCopy 0-d", () -> v().indexCopy(0, i0(), one(7)), "tensor([7., 2.])"),
        gives("indexFill 0-d", () -> s().indexFill(0, i0(), 7), "tensor(7.)"),
        gives("indexFill twice", () -> s().indexFill(0, at(0, 0), 7), "tensor(7.)"),
        gives("indexFill nowhere", () -> s().indexFill(0, at(), 7), "tensor(5.)"),
        gives("v.indexFill 0-d", () -> v().indexFill(0, i0(), 7), "tensor([7., 2.])"),
        gives(
            "indexReduce",
            () -> s().indexReduce(0, i0(), one(7), ScatterReduce.PROD, true),
            "tensor(35.)"),
        gives("take 0-d", () -> s().take(i0()), "tensor(5.)"),
        gives("take [0, 0]", () -> s().take(at(0, 0)), "tensor([5., 5.])"),
        gives("take -1", () -> s().take(Tensor.scalar(-1)), "tensor(5.)"),
        gives("put 0-d", () -> s().put(i0(), one(7), false), "tensor(7.)"),
        gives("put 0-d of [7]", () -> s().put(i0(), f(7), false), "tensor(7.)"),
        gives("put twice", () -> s().put(at(0, 0), f(7, 8), true), "tensor(20.)"),
        gives("sort", () -> s().sort(-1, true), both("tensor(5.)", "tensor(0)")),
        gives("argsort", () -> s().argsort(0), "tensor(0)"),
        gives("topk 1", () -> s().topk(1), both("tensor(5.)", "tensor(0)")),
        gives("topk 0", () -> s().topk(0), both("tensor(5.)", "tensor(0)")),
        gives("kthvalue", () -> s().kthvalue(1, 0, true), both("tensor(5.)", "tensor(0)")),
        gives("median", () -> s().median(), "tensor(5.)"),
        gives("median 0", () -> s().median(0, false), both("tensor(5.)", "tensor(0)")),
        gives("nanmedian 0", () -> s().nanmedian(0, true), both("tensor(5.)", "tensor(0)")),
        gives("mode", () -> s().mode(-1, false), both("tensor(5.)", "tensor(0)")),
        gives("cumsum", () -> s().cumsum(0), "tensor(5.)"),
        gives("cumprod", () -> s().cumprod(-1), "tensor(5.)"),
        gives("cummax", () -> s().cummax(0), both("tensor(5.)", "tensor(0)")),
        gives("cummin", () -> s().cummin(-1), both("tensor(5.)", "tensor(0)")),
        gives("logCumSumExp", () -> s().logCumSumExp(0), "tensor(5.)"),
        gives("flip 0", () -> s().flip(0), "tensor(5.)"),
        gives("flip", () -> s().flip(), "tensor(5.)"),
        gives("roll", () -> s().roll(1), "tensor(5.)"),
        gives("softmax 0", () -> s().softmax(0), "tensor(1.)"),
        gives("softmax -1", () -> s().softmax(-1), "tensor(1.)"),
        gives("logSoftmax", () -> s().logSoftmax(0), "tensor(0.)"),
        gives("stack", () -> Tensor.stack(List.of(s(), s()), -1), "tensor([5., 5.])"),
        gives("hstack", () -> Tensor.hstack(List.of(s(), s())), "tensor([5., 5.])"),
        gives("vstack", () -> Tensor.vstack(List.of(s(), s())).shape()[0], "2"),
        gives("dstack", () -> Tensor.dstack(List.of(s(), s())), "tensor([[[5., 5.]]])"),
        gives("expand", () -> s().expand(2), "tensor([5., 5.])"),
        gives("expand to 0-d", () -> s().expand(), "tensor(5.)"),
        gives("repeat", () -> s().repeat(2), "tensor([5., 5.])"),
        gives("repeat once", () -> s().repeat(), "tensor(5.)"),
        gives("tile", () -> s().tile(2), "tensor([5., 5.])"),
        gives("transpose", () -> s().transpose(0, -1), "tensor(5.)"),
        gives("t", () -> s().t(), "tensor(5.)"),
        gives("permute", () -> s().permute(), "tensor(5.)"),
        gives("movedim", () -> s().movedim(0, 0), "tensor(5.)"),
        gives("squeeze", () -> s().squeeze(0), "tensor(5.)"),
        gives("unsqueeze", () -> s().unsqueeze(-1), "tensor([5.])"),
        gives("flatten", () -> s().flatten(0, -1), "tensor([5.])"),
        gives("ravel", () -> s().ravel(), "tensor([5.])"),
        gives("view", () -> s().view(-1), "tensor([5.])"),
        gives("nonzero", () -> s().nonzero().size(0), "1"),
        gives("nonzeroAsTuple", () -> s().nonzeroAsTuple(), "[tensor([0])]"),
        gives("countNonzero", () -> s().countNonzero(), "tensor(1)"),
        gives("maskedFill", () -> s().maskedFill(TRUE, 9), "tensor(9.)"),
        gives("maskedSelect", () -> s().maskedSelect(TRUE), "tensor([5.])"),
        gives("maskedScatter", () -> s().maskedScatter(TRUE, v()), "tensor(1.)"),
        gives("unique", () -> s().unique().values(), "tensor([5.])"),
        gives("histc", () -> s().histc(3, 0, 0), "tensor([0., 1., 0.])"),
        gives("oneHot", () -> i0().oneHot(3), "tensor([1, 0, 0])"),
        gives("argmax", () -> s().argmax(-1, true), "tensor(0)"),
        gives("max", () -> s().max(0), both("tensor(5.)", "tensor(0)")),
        gives("sum", () -> s().sum(-1, true), "tensor(5.)"),
        gives("mean", () -> s().mean(0), "tensor(5.)"),
        gives("prod", () -> s().prod(0), "tensor(5.)"),
        gives("norm", () -> s().norm(2, 0, false), "tensor(5.)"),
        gives("logSumExp", () -> s().logSumExp(0), "tensor(5.)"),
        gives("quantile", () -> s().quantile(0.5), "tensor(5.)"),
        gives("searchsorted", () -> v().searchsorted(s()), "tensor(2)"),
        gives("bucketize", () -> s().bucketize(v(), false), "tensor(2)"),
        gives("unfold", () -> s().unfold(0, 1, 1), "tensor([5.])"));
  }

  static Stream<Case> refused() {
    return Stream.of(
        gives("s.gather [[0]]", () -> s().gather(0, matrix()), "same number of dimensions"),
        gives("v.gather [[0]]", () -> v().gather(0, matrix()), "same number of dimensions"),
        gives("s.gather dim 1", () -> s().gather(1, i0()), "[-1, 0]"),
        gives("scatter 0-d twice", () -> s().scatter(0, at(0, 0), one(7)), "than src [1]"),
        gives("scatter [[0]]", () -> s().scatter(0, matrix(), 7), "same number of dimensions"),
        gives("indexSelect twice", () -> s().indexSelect(0, at(0, 0)), "only 1 value, got 2"),
        gives("indexAdd [7]", () -> s().indexAdd(0, at(0), f(7), 1), "self [], source [1]"),
        gives("v.indexAdd 0-d", () -> v().indexAdd(0, at(0), one(7), 1), "self [2], source []"),
        gives("topk 2", () -> s().topk(2), "selected index k out of range"),
        gives("kthvalue 2", () -> s().kthvalue(2, 0, false), "out of range"),
        gives("sort 1", () -> s().sort(1), "[-1, 0]"),
        gives("cumsum 1", () -> s().cumsum(1), "[-1, 0]"),
        gives("softmax 1", () -> s().softmax(1), "[-1, 0]"),
        gives("flip 1", () -> s().flip(1), "[-1, 0]"),
        gives("unbind", () -> s().unbind(0), "at least a 1-dimensional tensor"),
        gives("select", () -> s().select(0, 0), "select() cannot be applied to a 0-dim tensor"),
        gives("narrow", () -> s().narrow(0, 0, 1), "narrow() cannot be applied to a 0-dim tensor"),
        gives("get", () -> s().get(Index.at(0)), "invalid index of a 0-dim tensor. Use item()"),
        gives(
            "get 0-d", () -> s().get(Index.of(i0())), "too many indices for tensor of dimension 0"),
        gives("split", () -> s().split(1, 0), "at least a 1-dimensional tensor"),
        gives("chunk", () -> s().chunk(1, 0), "at least a 1-dimensional tensor"),
        gives("tensorSplit", () -> s().tensorSplit(1, 0), "at least a 1-dimensional tensor"),
        gives("roll 0", () -> s().roll(new long[] {1}, new int[] {0}), "no dimensions"),
        gives("repeatInterleave", () -> s().repeatInterleave(2, 0), "no dimensions"),
        gives("diff", () -> s().diff(1, 0), "at least one-dimensional"),
        gives("cat", () -> Tensor.cat(List.of(s(), s()), 0), "zero-dimensional tensor"),
        gives("cat second", () -> Tensor.cat(List.of(v(), s()), 0), "(at position 1)"),
        gives("stack dim 1", () -> Tensor.stack(List.of(s()), 1), "[-1, 0]"),
        gives("expand -1", () -> s().expand(-1), "non-existing dimension 0"),
        gives("transpose 1", () -> s().transpose(0, 1), "[-1, 0]"),
        gives("size", () -> s().size(0), "no dimensions"),
        gives("stride", () -> s().stride(0), "no dimensions"),
        gives("bincount", () -> i0().bincount(), "bincount only supports 1-d"),
        gives("diagonal", () -> s().diagonal(), "[-1, 0]"),
        gives("diag", () -> s().diag(0), "Got 0D"),
        gives("tril", () -> s().tril(0), "at least 2 dimensions"),
        gives("rot90", () -> s().rot90(1, 0, 1), "2"),
        gives("takeAlongDim", () -> s().takeAlongDim(i0(), 0), "no dimensions"),
        gives("searchsorted", () -> s().searchsorted(v()), "positive dimension"),
        gives("matmul", () -> s().matmul(s()), "at least 1D"),
        gives("outer", () -> s().outer(v()), "1-D"));
  }

  private static String both(String values, String indices) {
    return values + " " + indices;
  }

  private static String text(Object result) {
    return result instanceof ValuesAndIndices pair
        ? both(pair.values().toString(), pair.indices().toString())
        : result.toString();
  }

  @ParameterizedTest
  @MethodSource("values")
  void computes(Case c) {
    assertThat(text(c.run.get())).isEqualTo(c.expected);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Case c) {
    assertThatThrownBy(c.run::get).hasMessageContaining(c.expected);
  }

  static Stream<Function<Integer, Object>> alongADimension() {
    return Stream.of(
        d -> s().gather(d, i0()),
        d -> s().scatter(d, i0(), 1),
        d -> s().scatterAdd(d, i0(), s()),
        d -> s().scatterReduce(d, i0(), s(), ScatterReduce.PROD, true),
        d -> s().indexSelect(d, i0()),
        d -> s().indexAdd(d, i0(), s(), 1),
        d -> s().indexCopy(d, i0(), s()),
        d -> s().indexFill(d, i0(), 1),
        d -> s().sort(d),
        d -> s().argsort(d),
        d -> s().topk(1, d, true),
        d -> s().kthvalue(1, d, false),
        d -> s().median(d, false),
        d -> s().nanmedian(d, false),
        d -> s().mode(d, false),
        d -> s().quantile(one(0.5), d, false, Interpolation.LINEAR),
        d -> s().cumsum(d),
        d -> s().cumprod(d),
        d -> s().logCumSumExp(d),
        d -> s().cummax(d),
        d -> s().cummin(d),
        d -> s().flip(d),
        d -> s().softmax(d),
        d -> s().logSoftmax(d),
        d -> s().argmax(d),
        d -> s().argmin(d, true),
        d -> s().max(d),
        d -> s().min(d),
        d -> s().amax(d),
        d -> s().sum(d),
        d -> s().nansum(d),
        d -> s().mean(d),
        d -> s().nanmean(d),
        d -> s().prod(d),
        d -> s().var(d),
        d -> s().std(d),
        d -> s().norm(1, d, false),
        d -> s().logSumExp(d),
        d -> s().all(d),
        d -> s().any(d),
        d -> s().countNonzero(d),
        d -> s().squeeze(d),
        d -> s().unsqueeze(d),
        d -> s().flatten(d),
        d -> s().transpose(0, d),
        d -> s().movedim(0, d),
        d -> s().unfold(d, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("alongADimension")
  void acceptsTheTwoNamesOfNoDimensionAndNoOther(Function<Integer, Object> function) {
    assertThat(function.apply(0)).isNotNull();
    assertThat(function.apply(-1)).isNotNull();
    assertThatThrownBy(() -> function.apply(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> function.apply(-2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  static Stream<Function<Tensor, Tensor>> differentiable() {
    return Stream.of(
        x -> x.gather(0, i0()),
        x -> x.gather(0, at(0, 0)),
        x -> x.scatter(0, i0(), one(2)),
        x -> x.scatterAdd(0, at(0, 0), f(1, 2)),
        x -> x.scatterReduce(0, i0(), one(2), ScatterReduce.PROD, true),
        x -> x.indexSelect(0, i0()),
        x -> x.indexAdd(0, i0(), x, 3),
        x -> x.indexCopy(0, i0(), x.mul(2)),
        x -> x.take(at(0, 0)),
        x -> x.put(at(0), x.mul(2), true));
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void givesGradientsWithoutDimensions(Function<Tensor, Tensor> function) {
    Tensor x = s().setRequiresGrad(true);
    Tensor y = function.apply(x);
    y.sum().backward();
    assertThat(x.grad().shape()).isEmpty();
    assertThat(x.grad().isReleased()).isFalse();
  }

  // ---- tensors without dimensions in index expressions

  private static Tensor x() {
    return Tensor.arange(24).reshape(2, 3, 4);
  }

  private static Index n(long place) {
    return Index.of(Tensor.scalar(place));
  }

  private static Index mask(boolean truth) {
    return Index.of(Tensor.of(truth));
  }

  @Test
  void integersInIndexExpressionsAreViews() {
    Tensor x = x();
    x.get(n(1)).fill_(-1);
    assertThat(x.get(Index.at(1)).toLongArray()).containsOnly(-1);
    x.get(Index.all(), n(-1), Index.slice(1, 3)).fill_(-2);
    assertThat(x.get(Index.at(0), Index.at(2)).toLongArray()).containsExactly(8, -2, -2, 11);
    x.get(Index.ellipsis(), n(0)).zero_();
    assertThat(x.get(Index.at(0), Index.all(), Index.at(0)).toLongArray()).containsOnly(0);
    assertThat(x.get(n(0), n(1), n(2)).shape()).isEmpty();
    assertThat(x.get(Index.of(Tensor.scalar(1, DType.INT32))).shape()).containsExactly(3, 4);
    assertThat(x.get(Index.of(Tensor.scalar(1, DType.INT16))).shape()).containsExactly(3, 4);
    assertThat(x.get(Index.newAxis(), n(1)).shape()).containsExactly(1, 3, 4);
    assertThatThrownBy(() -> x.get(n(2)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("index 2 is out of bounds for dimension 0 with size 2");
    assertThatThrownBy(() -> x.get(Index.of(Tensor.scalar(1.0)))).hasMessageContaining("FLOAT32");
  }

  @Test
  void integersBesideIndicesTakeTheirDimensionAwayFirst() {
    Tensor x = x();
    assertThat(x.get(n(1), Index.all(), Index.places(0, 2)).toLongArray())
        .containsExactly(12, 14, 16, 18, 20, 22);
    assertThat(x.get(n(1), Index.places(0, 2)).shape()).containsExactly(2, 4);
    assertThat(x.get(Index.places(0, 1), Index.all(), n(2)).toLongArray())
        .containsExactly(2, 6, 10, 14, 18, 22);
    assertThat(x.get(Index.all(), n(1), Index.places(0, 2)).shape()).containsExactly(2, 2);
    x.set(9, n(1), Index.places(0, 2), n(3));
    assertThat(x.get(n(1), Index.all(), n(3)).toLongArray()).containsExactly(9, 19, 9);
  }

  @Test
  void truthsInIndexExpressionsAddADimension() {
    Tensor x = x();
    assertThat(x.get(mask(true)).shape()).containsExactly(1, 2, 3, 4);
    assertThat(x.get(mask(false)).shape()).containsExactly(0, 2, 3, 4);
    assertThat(x.get(mask(true), Index.slice(0, 1)).shape()).containsExactly(1, 1, 3, 4);
    assertThat(x.get(Index.slice(0, 1), mask(true)).shape()).containsExactly(1, 1, 3, 4);
    assertThat(x.get(mask(true), n(1)).shape()).containsExactly(1, 3, 4);
    assertThat(x.get(mask(true), Index.places(0, 1)).shape()).containsExactly(2, 3, 4);
    assertThat(x.get(n(1), mask(true)).shape()).containsExactly(1, 3, 4);
    assertThat(x.get(Index.all(), mask(true), Index.places(0, 1)).shape()).containsExactly(2, 2, 4);
    assertThat(x.get(n(0), mask(true), Index.all(), n(1)).toLongArray()).containsExactly(1, 5, 9);
    assertThat(x.get(mask(true), n(1), n(1), n(1)).toLongArray()).containsExactly(17);
    assertThat(x.get(Index.of(Tensor.scalar(1, DType.UINT8))).shape()).containsExactly(1, 2, 3, 4);
    assertThat(s().get(mask(true)).toString()).isEqualTo("tensor([5.])");
    assertThat(s().get(mask(false)).shape()).containsExactly(0);
    x.set(7, mask(false));
    assertThat(x.toLongArray()).doesNotContain(7 * 7).startsWith(0, 1);
    x.set(-7, mask(true));
    assertThat(x.toLongArray()).containsOnly(-7);
    Tensor scalar = s();
    scalar.set(3, mask(true));
    assertThat(scalar.item()).isEqualTo(3);
  }
}
