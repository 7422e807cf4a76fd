package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bugs that were here once. */
@Timeout(60)
class RegressionsTest {
  @Test
  void copyBetweenTypesGivesTheSourceAGradientOfItsOwnType() {
    Tensor x = Tensor.of(new double[] {-1, 2, 3}).setRequiresGrad(true);
    Tensor t = Tensor.zeros(3);
    t.copy_(x.relu());
    t.mul(t).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT64);
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 4, 6);
  }

  @Test
  void randomNumbersWrittenOverAResultStopItsGradient() {
    Tensor w = Tensor.of(new double[] {1, 2}).setRequiresGrad(true);
    Tensor h = w.mul(2);
    h.uniform_(new Generator(1), 0, 1);
    h.sum().backward();
    assertThat(w.grad().toDoubleArray()).containsExactly(0, 0);
  }

  @Test
  void powerOfZeroHasNoSlopeInItsBase() {
    Tensor base = Tensor.of(new double[] {0, 2}).setRequiresGrad(true);
    base.pow(Tensor.of(new double[] {0, 3})).sum().backward();
    assertThat(base.grad().toDoubleArray()).containsExactly(0, 12);
  }

  @Test
  void elementsThatRepeatShareTheGradientOfTheirGradient() {
    Tensor x = Tensor.of(new double[] {1, 2}, new long[] {2, 1}).setRequiresGrad(true);
    Tensor expanded = x.expand(2, 3);
    Tensor g = Tensor.of(new double[] {5, 7}).setRequiresGrad(true);
    Tensor[] grads =
        Autograd.grad(
            List.of(expanded.diagonal(0, 0, 1)), List.of(expanded), List.of(g), true, true, false);
    assertThat(grads[0].toDoubleArray())
        .containsExactly(5 / 3.0, 5 / 3.0, 5 / 3.0, 7 / 3.0, 7 / 3.0, 7 / 3.0);
    Tensor w = Tensor.of(new double[] {1, 2, 6, 3, 3, 0}, new long[] {2, 3});
    grads[0].mul(w).sum().backward();
    assertThat(g.grad().toDoubleArray()).containsExactly(3, 2);
  }

  @Test
  void whatAPostHookMakesIsItsOwn() {
    List<Tensor> norms = new ArrayList<>();
    Tensor w = Tensor.of(new double[] {3, 4}).setRequiresGrad(true);
    w.registerPostAccumulateGradHook(t -> norms.add(t.grad().mul(t.grad()).sum()));
    w.mul(w).sum().backward();
    assertThat(norms.get(0).item()).isEqualTo(100);
  }

  @Test
  void valuesWrittenThroughAViewMadeWithoutAGraphAreRefused() {
    Tensor x = Tensor.zeros(4);
    Tensor v;
    try (GradMode mode = GradMode.noGrad()) {
      v = x.narrow(0, 0, 2);
    }
    Tensor y = Tensor.ones(2).setRequiresGrad(true);
    assertThatThrownBy(() -> v.copy_(y))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("A view was created in no_grad mode and is being modified inplace");
  }

  @Test
  void infinityIsNoWholeNumber() {
    Tensor one = Tensor.of(new int[] {1});
    assertThat(one.mul(Double.POSITIVE_INFINITY).item()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(one.lt(Double.POSITIVE_INFINITY).toBooleanArray()).containsExactly(true);
  }
}
