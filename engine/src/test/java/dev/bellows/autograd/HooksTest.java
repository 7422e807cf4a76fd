package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Functions that see, replace or wait for gradients. */
@Timeout(60)
class HooksTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  @Test
  void aHookReplacesTheGradient() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    HookHandle handle = y.registerHook(g -> g.mul(10));
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(20, 20);
    handle.remove();
    handle.remove();
    x.setGrad(null);
    x.mul(2).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, 2);
  }

  @Test
  void hooksOfALeafRunBeforeItsAccumulation() {
    Tensor x = leaf(1);
    x.registerHook(g -> g.add(1));
    x.registerHook(g -> g.mul(3));
    x.mul(2).backward();
    assertThat(x.grad().item()).isEqualTo(9);
    x.mul(2).backward();
    assertThat(x.grad().item()).isEqualTo(18);
  }

  @Test
  void whatAHookSawStaysUsable() {
    Tensor x = leaf(1);
    List<Tensor> seen = new ArrayList<>();
    Tensor y = x.mul(2);
    y.registerHook(
        g -> {
          seen.add(g);
          return null;
        });
    y.mul(3).backward();
    assertThat(seen.get(0).item()).isEqualTo(3);
    assertThat(x.grad().item()).isEqualTo(6);
  }

  @Test
  void aHookMayAnswerTheSameTensorEachTime() {
    Tensor x = leaf(1, 2);
    Tensor constant = Tensor.of(new double[] {5, 7});
    x.registerHook(g -> constant);
    x.mul(2).sum().backward();
    x.mul(2).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(10, 14);
    x.grad().fill_(0);
    assertThat(constant.toDoubleArray()).containsExactly(5, 7);
  }

  @Test
  void aHookMustKeepShapeAndType() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    y.registerHook(g -> g.sum());
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("hook")
        .hasMessageContaining("FLOAT64[2]")
        .hasMessageContaining("FLOAT64[]");
  }

  @Test
  void hooksRunForCapturedGradientsToo() {
    Tensor x = leaf(1);
    x.registerHook(g -> g.mul(100));
    Tensor[] grads = Autograd.grad(List.of(x.mul(2)), List.of(x), null, false, false, false);
    assertThat(grads[0].item()).isEqualTo(200);
  }

  @Test
  void oneFunctionRegisteredTwiceRunsTwiceAndIsRemovedOnceEach() {
    Tensor x = leaf(1);
    UnaryOperator<Tensor> twice = g -> g.mul(2);
    HookHandle first = x.registerHook(twice);
    x.registerHook(twice);
    x.mul(1).backward();
    assertThat(x.grad().item()).isEqualTo(4);
    first.remove();
    first.remove();
    x.setGrad(null);
    x.mul(1).backward();
    assertThat(x.grad().item()).isEqualTo(2);
  }

  @Test
  void postAccumulateHooksRunInOrderWithTheSum() {
    Tensor x = leaf(1);
    List<String> calls = new ArrayList<>();
    x.registerHook(
        g -> {
          calls.add("hook " + g.item());
          return null;
        });
    x.registerPostAccumulateGradHook(t -> calls.add("first " + t.grad().item()));
    HookHandle second =
        x.registerPostAccumulateGradHook(t -> calls.add("second " + t.grad().item()));
    x.mul(2).backward();
    assertThat(calls).containsExactly("hook 2.0", "first 2.0", "second 2.0");
    calls.clear();
    second.remove();
    x.mul(2).backward();
    assertThat(calls).containsExactly("hook 2.0", "first 4.0");
  }

  @Test
  void onePostHookRegisteredTwiceIsRemovedOnceEach() {
    Tensor x = leaf(1);
    int[] calls = {0};
    Consumer<Tensor> count = t -> calls[0]++;
    HookHandle first = x.registerPostAccumulateGradHook(count);
    x.registerPostAccumulateGradHook(count);
    first.remove();
    first.remove();
    x.mul(2).backward();
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void aPostHookMayTakeTheGradientAway() {
    Tensor x = leaf(1);
    x.registerPostAccumulateGradHook(t -> t.setGrad(null));
    x.mul(2).backward();
    assertThat(x.grad()).isNull();
  }

  @Test
  void postHooksSeeLaterLayersFirst() {
    Tensor first = leaf(1);
    Tensor second = leaf(1);
    List<String> order = new ArrayList<>();
    first.registerPostAccumulateGradHook(t -> order.add("first"));
    second.registerPostAccumulateGradHook(t -> order.add("second"));
    first.mul(2).mul(second).backward();
    assertThat(order).containsExactly("second", "first");
  }

  @Test
  void hooksNeedAGraph() {
    assertThatThrownBy(() -> Tensor.ones(1).registerHook(g -> g))
        .hasMessage("cannot register a hook on a tensor that doesn't require gradient");
    assertThatThrownBy(() -> leaf(1).mul(2).registerPostAccumulateGradHook(t -> {}))
        .hasMessage("post accumulate grad hooks cannot be registered on non-leaf tensors");
    assertThatThrownBy(() -> Tensor.ones(1).retainGrad())
        .hasMessage("can't retain_grad on Tensor that has requires_grad=False");
  }

  @Test
  void retainGradKeepsAndAddsUp() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    y.retainGrad();
    y.retainGrad();
    Tensor z = y.mul(3).sum();
    z.backward(null, true, false);
    assertThat(y.grad().toDoubleArray()).containsExactly(3, 3);
    z.backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(6, 6);
    assertThat(x.grad().toDoubleArray()).containsExactly(12, 12);
    y.grad().fill_(0);
    assertThat(x.grad().toDoubleArray()).containsExactly(12, 12);
  }

  @Test
  void withoutRetainGradOnlyLeavesHaveOne() {
    Tensor y = leaf(1).mul(2);
    y.mul(3).backward();
    assertThat(y.grad()).isNull();
  }

  @Test
  void hooksWorkInsideAScope() {
    Tensor x = leaf(1);
    x.registerHook(g -> g.mul(2));
    for (int i = 1; i <= 3; i++) {
      try (TensorScope scope = TensorScope.open()) {
        x.mul(2).sum().backward();
      }
      assertThat(x.grad().item()).isEqualTo(4 * i);
    }
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void anExceptionInAHookLeavesTheEngineUsable() {
    Tensor x = leaf(1);
    HookHandle handle =
        x.registerHook(
            g -> {
              throw new ArithmeticException("boom");
            });
    assertThatThrownBy(() -> x.mul(2).backward()).hasMessage("boom");
    assertThat(GradMode.isEnabled()).isTrue();
    handle.remove();
    x.mul(2).backward();
    assertThat(x.grad().item()).isEqualTo(2);
  }

  @Test
  void noHookIsRefusedWhereItIsGiven() {
    Tensor x = leaf(1);
    assertThatThrownBy(() -> x.registerHook(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("hook");
    assertThatThrownBy(() -> x.registerPostAccumulateGradHook(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("hook");
    assertThatThrownBy(() -> SavedTensorHooks.open(null, p -> x))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("pack");
    x.mul(2).backward();
    assertThat(x.grad().item()).isEqualTo(2);
  }
}
