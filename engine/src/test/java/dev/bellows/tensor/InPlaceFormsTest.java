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
        new Form(
            "lerp", x -> x.lerp(LOW.expand(3, 3), 0.25), x -> x.lerp_(LOW.expand(3, 3), 0.25)));
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
    Tensor places = Tensor.of(new long[] {1, 0});
    Tensor moved = places.clone().scatter(0, places.clone(), places.clone());
    assertThat(places.scatter_(0, places, places).toLongArray())
        .containsExactly(moved.toLongArray());
  }

  @Test
  void ofOneElement() {
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
