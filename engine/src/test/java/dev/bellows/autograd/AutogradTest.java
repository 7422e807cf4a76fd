package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests the guarantees of backward: accumulation, versions, retained graphs, gradients of
 * gradients.
 */
@Timeout(60)
class AutogradTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  private static double[] grad(Tensor leaf) {
    return leaf.grad().toDoubleArray();
  }

  // ---- accumulation

  @Test
  void gradientsAddUpUntilTheyAreDropped() {
    Tensor x = leaf(1, 2);
    x.mul(3).sum().backward();
    x.mul(4).sum().backward();
    assertThat(grad(x)).containsExactly(7, 7);
    x.setGrad(null);
    assertThat(x.grad()).isNull();
    x.mul(5).sum().backward();
    assertThat(grad(x)).containsExactly(5, 5);
  }

  @Test
  void aLeafUsedTwiceGetsBothGradients() {
    Tensor x = leaf(2, 3);
    x.mul(x).sum().backward();
    assertThat(grad(x)).containsExactly(4, 6);
    Tensor y = leaf(2);
    y.add(y).backward();
    assertThat(grad(y)).containsExactly(2);
  }

  @Test
  void aDiamondIsWalkedOncePerNode() {
    Tensor x = leaf(2);
    Tensor shared = x.mul(x);
    int[] calls = {0};
    shared.registerHook(
        g -> {
          calls[0]++;
          return null;
        });
    Tensor out = shared.mul(3).add(shared.mul(shared));
    out.backward();
    // d/dx (3x² + x⁴) = 6x + 4x³
    assertThat(grad(x)).containsExactly(12 + 32);
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void severalOutputsOfWhichOneIsOnTheWayToAnother() {
    Tensor x = leaf(2);
    Tensor a = x.mul(3);
    Tensor b = a.mul(a);
    Autograd.backward(List.of(a, b), null, false, false);
    assertThat(grad(x)).containsExactly(3 + 2 * 6 * 3);
    Tensor y = leaf(1);
    Tensor c = y.mul(2);
    Autograd.backward(List.of(c, c), null, false, false);
    assertThat(grad(y)).containsExactly(4);
  }

  @Test
  void backwardOfALeafIsItsOwnGradient() {
    Tensor x = leaf(2);
    Tensor g = Tensor.of(new double[] {5});
    x.backward(g);
    g.fill_(0);
    assertThat(grad(x)).containsExactly(5);
  }

  @Test
  void gradientsOfTwoLeavesDoNotShareMemory() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    a.add(b).sum().backward();
    a.grad().fill_(9);
    assertThat(grad(b)).containsExactly(1, 1);
    a.setGrad(null);
    b.setGrad(null);
    Tensor seed = Tensor.of(new double[] {5, 6});
    a.add(b).backward(seed);
    a.grad().fill_(9);
    seed.fill_(7);
    assertThat(grad(b)).containsExactly(5, 6);
    assertThat(grad(a)).containsExactly(9, 9);
  }

  @Test
  void gradientsOfTwoLeavesDoNotShareMemoryWithCreateGraph() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    a.add(b).sum().backward(null, false, true);
    try (GradMode mode = GradMode.noGrad()) {
      a.grad().fill_(9);
    }
    assertThat(grad(b)).containsExactly(1, 1);
  }

  @Test
  void gradientsHaveTheShapeAndOrderOfTheirLeaf() {
    Tensor x = Tensor.ones(DType.FLOAT64, 2, 3).setRequiresGrad(true);
    x.t().mul(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2)).sum().backward();
    assertThat(x.grad().shape()).containsExactly(2, 3);
    assertThat(x.grad().isContiguous()).isTrue();
    assertThat(grad(x)).containsExactly(1, 3, 5, 2, 4, 6);
  }

  // ---- views

  @Test
  void backwardThroughViewsAndExpand() {
    Tensor x = Tensor.ones(DType.FLOAT64, 2, 3).setRequiresGrad(true);
    Tensor y = x.expand(4, 2, 3).select(2, 1).t().reshape(8).narrow(0, 4, 3);
    y.sum().backward();
    // Elements 4, 5, 6 of [2, 4] are (1, 0), (1, 1), (1, 2): three times row 1, column 1.
    assertThat(grad(x)).containsExactly(0, 0, 0, 0, 3, 0);
  }

  @Test
  void aViewFollowsItsBaseThatIsChangedInPlace() {
    Tensor x = leaf(1, 2, 3, 4);
    Tensor base = x.mul(1);
    Tensor view = base.view(2, 2);
    base.mul_(2);
    assertThat(view.gradFn().name()).isEqualTo("AsStridedBackward");
    view.select(0, 1).sum().backward();
    assertThat(grad(x)).containsExactly(0, 0, 2, 2);
  }

  @Test
  void aBaseFollowsItsViewThatIsChangedInPlace() {
    Tensor x = leaf(1, 2, 3, 4);
    Tensor base = x.mul(3);
    Tensor other = base.narrow(0, 1, 2);
    Tensor view = base.view(2, 2).t().select(0, 1); // elements 1 and 3
    Tensor w = leaf(2, 5);
    view.mul_(w);
    assertThat(base.gradFn().name()).isEqualTo("CopySlices");
    assertThat(base.toDoubleArray()).containsExactly(3, 12, 9, 60);
    base.mul(leaf(1, 10, 100, 1000)).sum().add(other.sum()).backward();
    assertThat(grad(x)).containsExactly(3, 11 * 6, 101 * 3, 1000 * 15);
    assertThat(grad(w)).containsExactly(11 * 6, 1000 * 12);
  }

  @Test
  void aConstantBecomesPartOfTheGraphThroughAView() {
    Tensor x = leaf(1, 2);
    Tensor base = Tensor.zeros(DType.FLOAT64, 2, 2);
    Tensor row = base.select(0, 0);
    base.select(0, 1).copy_(x);
    base.select(1, 0).add_(x, 3);
    assertThat(base.toDoubleArray()).containsExactly(3, 0, 7, 2);
    assertThat(row.requiresGrad()).isTrue();
    base.mul(base).sum().add(row.sum()).backward();
    // base = [[3x0, 0], [x0 + 3x1, x1]]
    assertThat(grad(x)).containsExactly(2 * 9 + 2 * 7 + 3, 2 * 7 * 3 + 2 * 2);
  }

  @Test
  void gradientsOfGradientsPassThroughChangesOfViews() {
    GradCheck.gradGradCheck(
        "views changed in place",
        in -> {
          Tensor base = in[0].mul(in[0]);
          base.t().select(0, 1).mul_(in[1]);
          base.narrow(1, 0, 2).select(0, 1).copy_(in[1].mul(in[1]));
          base.view(-1).narrow(0, 2, 3).add_(in[0].sum());
          return base.mul(base);
        },
        Tensor.of(new double[] {1, 2, 3, -1, 0.5, 2}, 2, 3).setRequiresGrad(true),
        leaf(0.5, -2));
  }

  @Test
  void aChangeThroughAViewKeepsTheResultForItsOwnBackward() {
    Tensor x = leaf(0.5, 1);
    Tensor base = x.mul(1);
    base.view(2, 1).select(0, 1).copy_(base.select(0, 0));
    Tensor part = base.narrow(0, 0, 1);
    part.add_(part.mul(2)).mul_(x.narrow(0, 1, 1));
    base.sum().backward();
    // base = [3·x0·x1, x0]
    assertThat(grad(x)).containsExactly(3 * 1 + 1, 3 * 0.5);
  }

  @Test
  void viewsThatMustNotGetAHistoryAreRefused() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.narrow(0, 0, 1).mul_(2))
        .hasMessageStartingWith(
            "a view of a leaf Variable that requires grad is being used in an in-place operation.");
    Tensor base = x.mul(1);
    Tensor view;
    try (GradMode mode = GradMode.noGrad()) {
      view = base.narrow(0, 0, 1);
    }
    assertThatThrownBy(() -> view.mul_(2))
        .hasMessageStartingWith(
            "A view was created in no_grad mode and is being modified inplace with grad mode"
                + " enabled.");
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
  }

  // ---- versions

  @Test
  void savedTensorsThatChangedAreNamed() {
    Tensor x = Tensor.ones(DType.FLOAT64, 2, 3).setRequiresGrad(true);
    Tensor w = Tensor.ones(DType.FLOAT64, 2, 3);
    Tensor y = x.mul(w).sum();
    w.add_(1);
    w.add_(1);
    assertThatThrownBy(y::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "one of the variables needed for gradient computation has been modified by an inplace"
                + " operation: FLOAT64[2, 3], saved by MulBackward, is at version 2; expected"
                + " version 0 instead. Hint: AnomalyMode.detect() finds the operation that failed"
                + " to compute its gradient.");
  }

  @Test
  void aChangeThroughAViewCountsForTheBase() {
    Tensor x = leaf(1, 2);
    Tensor w = Tensor.of(new double[] {3, 4});
    Tensor y = x.mul(w).sum();
    w.narrow(0, 1, 1).fill_(7);
    assertThatThrownBy(y::backward).hasMessageContaining("is at version 1; expected version 0");
    assertThat(w.toDoubleArray()).containsExactly(3, 7);
  }

  @Test
  void aSavedResultThatChangedIsNamed() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp();
    y.mul_(2);
    assertThatThrownBy(() -> y.sum().backward())
        .hasMessageContaining("saved by ExpBackward, is at version 1; expected version 0");
  }

  @Test
  void whatIsNotSavedMayChange() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    y.add_(1).mul_(2);
    y.sum().backward();
    assertThat(grad(x)).containsExactly(6, 6);
  }

  @Test
  void anOptimizerStepCountsAsAChange() {
    Tensor w = leaf(1);
    Tensor y = w.mul(w);
    try (GradMode mode = GradMode.noGrad()) {
      w.sub_(0.1);
    }
    assertThatThrownBy(y::backward).hasMessageContaining("MulBackward");
  }

  @Test
  void leavesThatRequireGradAreNotChangedInPlace() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.add_(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a leaf Variable that requires grad is being used in an in-place operation.; add_");
    assertThatThrownBy(() -> x.view(2, 1).zero_()).hasMessageContaining("in-place");
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    try (GradMode mode = GradMode.noGrad()) {
      x.add_(1);
    }
    assertThat(x.toDoubleArray()).containsExactly(2, 3);
  }

  @Test
  void inPlaceOnAConstantWithAGradientTakesPartInTheGraph() {
    Tensor x = leaf(1, 2);
    Tensor sum = Tensor.zeros(DType.FLOAT64, 2);
    sum.add_(x.mul(2)).add_(x);
    assertThat(sum.requiresGrad()).isTrue();
    sum.sum().backward();
    assertThat(grad(x)).containsExactly(3, 3);
  }

  @Test
  void overwritingCutsTheOldValue() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor z = x.mul(2).copy_(y);
    z.sum().backward();
    assertThat(grad(x)).containsExactly(0, 0);
    assertThat(grad(y)).containsExactly(1, 1);
  }

  // ---- retained and freed graphs

  @Test
  void aSecondBackwardNeedsRetainGraph() {
    Tensor x = leaf(3);
    Tensor y = x.mul(x);
    y.backward(null, true, false);
    y.backward();
    assertThat(grad(x)).containsExactly(12);
    assertThatThrownBy(y::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Trying to backward through the graph a second time (or directly access saved tensors"
                + " after they have already been freed). Saved intermediate values of the graph are"
                + " freed when you call backward() or Autograd.grad(). Specify retainGraph=true if"
                + " you need to backward through the graph a second time; node MulBackward");
    assertThat(grad(x)).containsExactly(12);
  }

  @Test
  void outputsMustBePartOfAGraph() {
    assertThatThrownBy(() -> Tensor.ones(1).backward())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("element 0 of tensors does not require grad and does not have a grad_fn");
  }

  @Test
  void onlyOneElementHasAnImplicitGradient() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.mul(2).backward())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "grad can be implicitly created only for scalar outputs; got output of shape [2]");
    assertThatThrownBy(() -> x.mul(2).backward(Tensor.ones(DType.FLOAT64, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Mismatch in shape: gradOutputs[0] has a shape of [3] and output[0] has a shape of"
                + " [2]");
    Tensor one = x.narrow(0, 0, 1).mul(3);
    one.backward();
    assertThat(grad(x)).containsExactly(3, 0);
  }

  @Test
  void aGraphOfAHundredThousandNodes() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(1);
    }
    y.backward();
    assertThat(grad(x)).containsExactly(1);
  }

  // ---- modes

  @Test
  void noGradRecordsNothing() {
    Tensor x = leaf(1);
    try (GradMode mode = GradMode.noGrad()) {
      assertThat(GradMode.isEnabled()).isFalse();
      assertThat(x.mul(2).requiresGrad()).isFalse();
      try (GradMode inner = GradMode.enableGrad()) {
        assertThat(x.mul(2).requiresGrad()).isTrue();
      }
      assertThat(x.mul(2).requiresGrad()).isFalse();
    }
    assertThat(x.mul(2).requiresGrad()).isTrue();
  }

  @Test
  void noGradEndsWithAnException() {
    assertThatThrownBy(
            () -> {
              try (GradMode mode = GradMode.noGrad()) {
                throw new ArithmeticException("x");
              }
            })
        .hasMessage("x");
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void noGradBelongsToItsThread() throws InterruptedException {
    boolean[] enabled = new boolean[1];
    try (GradMode mode = GradMode.noGrad()) {
      Thread other = new Thread(() -> enabled[0] = GradMode.isEnabled());
      other.start();
      other.join();
    }
    assertThat(enabled[0]).isTrue();
  }

  @Test
  void detachSharesMemoryAndNoGraph() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    Tensor detached = y.detach();
    assertThat(detached.storage()).isSameAs(y.storage());
    assertThat(detached.requiresGrad()).isFalse();
    assertThat(detached.isLeaf()).isTrue();
    detached.fill_(9);
    assertThat(y.toDoubleArray()).containsExactly(9, 9);
    assertThat(detached.mul(x).requiresGrad()).isTrue();
    x.mul(x.detach()).sum().backward();
    assertThat(grad(x)).containsExactly(1, 2);
  }

  @Test
  void requiresGradIsForLeavesOfFloatingPoint() {
    assertThatThrownBy(() -> Tensor.arange(3).setRequiresGrad(true))
        .hasMessage("only Tensors of floating point dtype can require gradients; got INT64");
    Tensor y = leaf(1).mul(2);
    assertThat(y.isLeaf()).isFalse();
    assertThat(y.setRequiresGrad(true)).isSameAs(y);
    assertThatThrownBy(() -> y.setRequiresGrad(false))
        .hasMessageContaining("you can only change requires_grad flags of leaf variables");
    Tensor integer = leaf(1.5).to(DType.INT64);
    assertThat(integer.requiresGrad()).isFalse();
    assertThat(leaf(1).gt(0).requiresGrad()).isFalse();
    assertThat(leaf(1, 2).argmax(0, false).requiresGrad()).isFalse();
  }

  @Test
  void gradientsFollowAChangeOfType() {
    Tensor x = Tensor.ones(2).setRequiresGrad(true);
    x.to(DType.FLOAT64).mul(3).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(grad(x)).containsExactly(3, 3);
  }

  @Test
  void setGradChecksShapeAndType() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.setGrad(Tensor.ones(DType.FLOAT64, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a gradient of size [3] to a tensor of size [2]");
    assertThatThrownBy(() -> x.setGrad(Tensor.ones(2)))
        .hasMessageContaining("a gradient with dtype FLOAT32 to a tensor with dtype FLOAT64");
  }

  // ---- grad()

  @Test
  void gradAnswersWithoutTouchingLeaves() {
    Tensor x = leaf(2);
    Tensor y = leaf(3);
    Tensor z = x.mul(y);
    Tensor[] grads = Autograd.grad(List.of(z.mul(z)), List.of(x, z, y), null, false, false, false);
    assertThat(grads[0].item()).isEqualTo(2 * 6 * 3);
    assertThat(grads[1].item()).isEqualTo(12);
    assertThat(grads[2].item()).isEqualTo(2 * 6 * 2);
    assertThat(x.grad()).isNull();
    assertThat(y.grad()).isNull();
  }

  @Test
  void unusedInputsAreAllowedOnDemand() {
    Tensor x = leaf(2);
    Tensor unused = leaf(3);
    assertThatThrownBy(
            () -> Autograd.grad(List.of(x.mul(2)), List.of(x, unused), null, false, false, false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The differentiated Tensor at index 1 appears to not have been used in the graph. Set"
                + " allowUnused=true if this is the desired behavior.");
    Tensor[] grads = Autograd.grad(List.of(x.mul(2)), List.of(x, unused), null, false, false, true);
    assertThat(grads[0].item()).isEqualTo(2);
    assertThat(grads[1]).isNull();
    assertThatThrownBy(
            () ->
                Autograd.grad(List.of(x.mul(2)), List.of(Tensor.ones(1)), null, false, false, true))
        .hasMessage("One of the differentiated Tensors does not require grad; input 0");
  }

  @Test
  void createGraphGivesGradientsOfGradients() {
    Tensor x = leaf(2);
    Tensor first = Autograd.grad(List.of(x.pow(4)), List.of(x), null, false, true, false)[0];
    assertThat(first.item()).isEqualTo(32);
    Tensor second = Autograd.grad(List.of(first), List.of(x), null, false, true, false)[0];
    assertThat(second.item()).isEqualTo(48);
    second.backward();
    assertThat(grad(x)).containsExactly(48);
  }

  @Test
  void withoutCreateGraphGradientsAreConstants() {
    Tensor x = leaf(2);
    Tensor first = Autograd.grad(List.of(x.pow(4)), List.of(x), null, false, false, false)[0];
    assertThat(first.requiresGrad()).isFalse();
    x.mul(x).backward();
    assertThat(x.grad().requiresGrad()).isFalse();
  }

  @Test
  void aGradientPenaltyTrains() {
    Tensor w = leaf(3);
    Tensor x = leaf(2);
    Tensor y = w.mul(x).mul(x);
    Tensor gx = Autograd.grad(List.of(y), List.of(x), null, false, true, false)[0];
    gx.mul(gx).backward();
    // (2wx)² → d/dw = 8wx²
    assertThat(grad(w)).containsExactly(8 * 3 * 4);
  }

  @Test
  void gradCheckSaysWhichInputIsTooCoarse() {
    Tensor fine = leaf(1, 2);
    for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16)) {
      Tensor coarse = Tensor.ones(type, 2).setRequiresGrad(true);
      String text =
          "gradCheck: inputs that require grad must be FLOAT64, since differences of other types"
              + " are too coarse; input 1 is "
              + type
              + "[2]: make it with Tensor.randn(DType.FLOAT64, ...) or to(DType.FLOAT64)";
      assertThatThrownBy(() -> GradCheck.gradCheck("f", in -> in[0].mul(in[1]), fine, coarse))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(text);
      assertThatThrownBy(() -> GradCheck.gradGradCheck("f", in -> in[0].mul(in[1]), fine, coarse))
          .hasMessage(text);
    }
    GradCheck.gradCheck("f", in -> in[0].mul(in[1]), fine, Tensor.ones(2));
  }
}
