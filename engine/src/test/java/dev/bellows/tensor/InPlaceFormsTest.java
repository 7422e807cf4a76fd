package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that compute in place give what their copying forms give. */
@Timeout(60)
class InPlaceFormsTest {
  private static final Tensor INDEX = Tensor.of(new long[] {2, 0, 2, 1, 1, 0}, 2, 3);
  private static final Tensor ROWS = Tensor.of(new long[] {2, 0});
  private static final Tensor SOURCE = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  private static final Tensor LOW = Tensor.of(new float[] {-1, 0, 1});

  private static final Tensor HIGH = Tensor.of(new float[] {0.5f, -0.5f, 2});
  private static final Tensor WIDE = Tensor.of(new double[] {-1, 0, 1});
  private static final Tensor MASK =
      Tensor.of(new boolean[] {true, false, true, false, false, true}, 2, 3).select(0, 0);
  private static final Tensor A = SOURCE.t();
  private static final Tensor B = SOURCE.mul(0.5);
  private static final Tensor C = Tensor.stack(List.of(A, A.mul(2)), 0);
  private static final Tensor D = Tensor.stack(List.of(B, B.mul(3)), 0);

  private record Form(String name, UnaryOperator<Tensor> copy, UnaryOperator<Tensor> inPlace) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Form> forms() {
    return List.of(
        new Form("scatter", x -> x.scatter(0, INDEX, SOURCE), x -> x.scatter_(0, INDEX, SOURCE)),
        new Form("scatter value", x -> x.scatter(0, INDEX, 7), x -> x.scatter_(0, INDEX, 7)),
        new Form(
            "scatterAdd",
            x -> x.scatterAdd(-2, INDEX, SOURCE),
            x -> x.scatterAdd_(-2, INDEX, SOURCE)),
        new Form(
            "indexAdd", x -> x.indexAdd(0, ROWS, SOURCE, 3), x -> x.indexAdd_(0, ROWS, SOURCE, 3)),
        new Form(
            "indexCopy", x -> x.indexCopy(0, ROWS, SOURCE), x -> x.indexCopy_(0, ROWS, SOURCE)),
        new Form("clamp", x -> x.clamp(-0.5, 0.5), x -> x.clamp_(-0.5, 0.5)),
        new Form("clampMin", x -> x.clampMin(0), x -> x.clampMin_(0)),
        new Form("clampMax", x -> x.clampMax(0), x -> x.clampMax_(0)),
        new Form(
            "addcmul",
            x -> x.addcmul(LOW, SOURCE.narrow(0, 0, 1), 2),
            x -> x.addcmul_(LOW, SOURCE.narrow(0, 0, 1), 2)),
        new Form(
            "addcdiv",
            x -> x.addcdiv(LOW, SOURCE.narrow(0, 0, 1), 2),
            x -> x.addcdiv_(LOW, SOURCE.narrow(0, 0, 1), 2)),
        new Form("addcmul of itself", x -> x.addcmul(x, x, 2), x -> x.addcmul_(x, x, 2)),
        new Form("clamp by tensors", x -> x.clamp(LOW, HIGH), x -> x.clamp_(LOW, HIGH)),
        new Form("clamp to itself", x -> x.clamp(LOW, x), x -> x.clamp_(LOW, x)),
        new Form("clamp by doubles", x -> x.clamp(WIDE, null), x -> x.clamp_(WIDE, null)),
        new Form("addmm", x -> x.addmm(A, B), x -> x.addmm_(A, B)),
        new Form("addmm scaled", x -> x.addmm(A, B, 2, 0.5), x -> x.addmm_(A, B, 2, 0.5)),
        new Form("addmm without it", x -> x.addmm(A, B, 0), x -> x.addmm_(A, B, 0)),
        new Form("addbmm", x -> x.addbmm(C, D, 2, 3), x -> x.addbmm_(C, D, 2, 3)),
        new Form("addr", x -> x.addr(LOW, HIGH, 2, 3), x -> x.addr_(LOW, HIGH, 2, 3)),
        new Form("addr of doubles", x -> x.addr(WIDE, HIGH), x -> x.addr_(WIDE, HIGH)),
        new Form("maskedFill", x -> x.maskedFill(MASK, 9), x -> x.maskedFill_(MASK, 9)),
        new Form(
            "maskedFill by its own element",
            x -> x.maskedFill(MASK, x.select(0, 0).select(0, 0)),
            x -> x.maskedFill_(MASK, x.select(0, 0).select(0, 0))),
        new Form(
            "maskedScatter",
            x -> x.maskedScatter(MASK, SOURCE),
            x -> x.maskedScatter_(MASK, SOURCE)),
        new Form("tril", x -> x.tril(-1), x -> x.tril_(-1)),
        new Form("triu", x -> x.triu(0), x -> x.triu_(0)),
        new Form("indexFill", x -> x.indexFill(-1, ROWS, 5), x -> x.indexFill_(-1, ROWS, 5)),
        new Form("cumsum", x -> x.cumsum(0), x -> x.cumsum_(0)),
        new Form("cumprod", x -> x.cumprod(-1), x -> x.cumprod_(-1)),
        new Form("square", Tensor::square, Tensor::square_),
        new Form("frac", Tensor::frac, Tensor::frac_),
        new Form("deg2rad", Tensor::deg2rad, Tensor::deg2rad_),
        new Form("rad2deg", Tensor::rad2deg, Tensor::rad2deg_),
        new Form("nanToNum", x -> x.nanToNum(1, 2, 3), x -> x.nanToNum_(1, 2, 3)),
        reduced(ScatterReduce.SUM, true),
        reduced(ScatterReduce.SUM, false),
        reduced(ScatterReduce.PROD, true),
        reduced(ScatterReduce.PROD, false),
        reduced(ScatterReduce.MEAN, true),
        reduced(ScatterReduce.MEAN, false),
        reduced(ScatterReduce.AMAX, true),
        reduced(ScatterReduce.AMIN, false),
        new Form(
            "lerp", x -> x.lerp(LOW.expand(3, 3), 0.25), x -> x.lerp_(LOW.expand(3, 3), 0.25)));
  }

  private static Form reduced(ScatterReduce reduce, boolean includeSelf) {
    return new Form(
        "scatterReduce " + reduce + (includeSelf ? "" : " without self"),
        x -> x.scatterReduce(0, INDEX, SOURCE, reduce, includeSelf),
        x -> x.scatterReduce_(0, INDEX, SOURCE, reduce, includeSelf));
  }

  private static Tensor values() {
    return Tensor.of(new float[] {-2, -1, 0, 1, 2, 0.25f, -0.25f, 3, -3}, 3, 3);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void ofAnyLayout(Form form) {
    for (Tensor x : List.of(values(), values().t(), Tensor.zeros(3, 5).narrow(1, 1, 3))) {
      Tensor expected = form.copy.apply(x.clone());
      int version = x.version();
      assertThat(form.inPlace.apply(x)).isSameAs(x);
      assertThat(x.toFloatArray()).containsExactly(expected.toFloatArray());
      assertThat(x.version()).isGreaterThan(version);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void gradientsToo(Form form) {
    Tensor a = values().setRequiresGrad(true);
    Tensor b = values().setRequiresGrad(true);
    form.copy.apply(a.mul(2)).mul(values()).sum().backward();
    form.inPlace.apply(b.mul(2)).mul(values()).sum().backward();
    assertThat(b.grad().toFloatArray()).containsExactly(a.grad().toFloatArray());
  }

  @Test
  void sourcesThatShareTheMemoryAreReadBefore() {
    Tensor x = values();
    Tensor expected = x.clone().scatter(0, INDEX.expand(2, 3), x.clone());
    assertThat(x.scatter_(0, INDEX, x).toFloatArray()).containsExactly(expected.toFloatArray());
    Tensor square = values();
    Tensor sum = square.clone().addmm(square.clone(), square.clone(), 2, 1);
    assertThat(square.addmm_(square, square, 2, 1).toFloatArray())
        .containsExactly(sum.toFloatArray());
    Tensor places = Tensor.of(new long[] {1, 0});
    Tensor moved = places.clone().scatter(0, places.clone(), places.clone());
    assertThat(places.scatter_(0, places, places).toLongArray())
        .containsExactly(moved.toLongArray());
  }

  @Test
  void productsOfVectorsAndBatches() {
    Tensor v = LOW.clone();
    Tensor vector = Tensor.of(new float[] {1, 2});
    assertThat(v.addmv_(A, vector, 2, 1)).isSameAs(v);
    assertThat(v.toFloatArray()).containsExactly(LOW.addmv(A, vector, 2, 1).toFloatArray());
    Tensor b = Tensor.ones(2, 3, 3);
    assertThat(b.baddbmm_(C, D, 0).toFloatArray()).containsExactly(C.bmm(D).toFloatArray());
    Tensor half = Tensor.ones(DType.BFLOAT16, 3, 3);
    Tensor expected =
        half.addmm(A.to(DType.BFLOAT16), B.to(DType.BFLOAT16), 3, 1).to(DType.FLOAT32);
    half.addmm_(A.to(DType.BFLOAT16), B.to(DType.BFLOAT16), 3, 1);
    assertThat(half.to(DType.FLOAT32).toFloatArray()).containsExactly(expected.toFloatArray());
  }

  @Test
  void whatIsNotANumberIsForgottenWithoutATemporary() {
    Tensor x = Tensor.zeros(3, 3).fill_(Float.NaN);
    x.addmm_(A, B, 0);
    assertThat(x.toFloatArray()).containsExactly(A.mm(B).toFloatArray());
    Tensor square = values();
    Tensor product = square.mm(square.t());
    assertThat(square.addmm_(square, square.t(), 0).toFloatArray())
        .containsExactly(product.toFloatArray());
  }

  @Test
  void targetsOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> Tensor.ones(3).addmm_(A, B))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "addmm_: Bad in-place call: input tensor size [3] and output tensor size [3, 3] should"
                + " match");
    assertThatThrownBy(() -> Tensor.ones(1, 3).maskedFill_(MASK.expand(2, 3), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maskedFill_: output with shape [1, 3] doesn't match");
    assertThatThrownBy(() -> Tensor.ones(DType.INT64, 3, 3).addmm_(A.toLong(), B.toLong(), 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument beta must not be a floating point number");
  }

  @Test
  void leavesThatRequireGradAreRefused() {
    Tensor leaf = values().setRequiresGrad(true);
    assertThatThrownBy(() -> leaf.addmm_(A, B)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> leaf.cumsum_(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> leaf.nanToNum_()).isInstanceOf(IllegalStateException.class);
    assertThat(leaf.version()).isZero();
  }

  @Test
  void ofOneElement() {
    assertThat(Tensor.scalar(2f).indexFill_(0, Tensor.scalar(-1L), 5).item()).isEqualTo(5);
    assertThat(Tensor.scalar(2f).cumsum_(-1).item()).isEqualTo(2);
    Tensor x = Tensor.scalar(1f);
    assertThat(x.scatter_(0, Tensor.scalar(0L), 5)).isSameAs(x);
    assertThat(x.item()).isEqualTo(5);
    assertThat(x.scatterAdd_(0, Tensor.zeros(DType.INT64, 1), Tensor.ones(1)).item()).isEqualTo(6);
  }

  @Test
  void boundsOfAHigherKindAreRefused() {
    assertThatThrownBy(() -> Tensor.of(new long[] {1, 2}).clamp_(0.5, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clamp_: result type FLOAT32 can't be cast to the desired output type INT64");
  }
}
