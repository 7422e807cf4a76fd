package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.HookHandle;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackwardHookTest {
  static final class Product extends Module {
    @Override
    protected Tensor forward(Tensor a, Tensor b) {
      return b == null ? a.mul(2) : a.mul(b);
    }

    @Override
    protected Tensor forward(Tensor a) {
      return a.mul_(2);
    }
  }

  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  @Test
  void hooksSeeTheGradientsOfInputsAndOutputs() {
    Product product = new Product();
    List<String> seen = new ArrayList<>();
    product.registerFullBackwardPreHook(
        (m, out) -> {
          seen.add("pre " + out.length + " " + out[0].item());
          return new Tensor[] {out[0].mul(10)};
        });
    HookHandle handle =
        product.registerFullBackwardHook(
            (m, in, out) -> {
              seen.add("post " + in[0].item() + " " + in[1].item() + " of " + out[0].item());
              return new Tensor[] {null, in[1].add(1)};
            });
    Tensor a = leaf(3);
    Tensor b = leaf(5);
    // other uses of an input are not the module's
    product.call(a, b).add(a.mul(100)).sum().backward();
    assertThat(seen).containsExactly("pre 1 1.0", "post 50.0 30.0 of 10.0");
    assertThat(a.grad().item()).isEqualTo(150);
    assertThat(b.grad().item()).isEqualTo(31);
    handle.remove();
    product.call(a, null).sum().backward();
    assertThat(seen).hasSize(3);
    assertThat(a.grad().item()).isEqualTo(170);
  }

  @Test
  void inputsWithoutGradientsAreNull() {
    Product product = new Product();
    List<Integer> nulls = new ArrayList<>();
    product.registerFullBackwardHook(
        (m, in, out) -> {
          nulls.add(in[0] == null ? 0 : 1);
          nulls.add(in[1] == null ? 0 : 1);
          return null;
        });
    product.call(leaf(1), Tensor.of(new double[] {2})).sum().backward();
    product.call(leaf(1), null).sum().backward();
    assertThat(nulls).containsExactly(1, 0, 1, 0);
  }

  @Test
  void hooksFireWhereNoInputRequiresGrad() {
    Linear layer = new Linear(2, 1, false);
    List<Tensor> seen = new ArrayList<>();
    HookHandle handle =
        layer.registerFullBackwardHook(
            (m, in, out) -> {
              assertThat(in).containsExactly((Tensor) null);
              seen.add(out[0]);
              return null;
            });
    layer.call(Tensor.ones(3, 2)).sum().backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).toFloatArray()).containsExactly(1, 1, 1);
    handle.remove();
    layer.registerFullBackwardHook((m, in, out) -> new Tensor[] {out[0]});
    assertThatThrownBy(() -> layer.call(Tensor.ones(3, 2)).sum().backward())
        .hasMessageContaining(
            "Backward hook for Modules where no input requires gradient should always return None");
  }

  @Test
  void wrongNumbersAreRefused() {
    Product product = new Product();
    HookHandle pre = product.registerFullBackwardPreHook((m, out) -> new Tensor[2]);
    Tensor a = leaf(1);
    assertThatThrownBy(() -> product.call(a, a).sum().backward())
        .hasMessageContaining(
            "Backward pre hook returned an invalid number of grad_output, got 2, but expected 1");
    pre.remove();
    product.registerFullBackwardHook((m, in, out) -> new Tensor[1]);
    assertThatThrownBy(() -> product.call(a, a).sum().backward())
        .hasMessageContaining(
            "Backward hook returned an invalid number of grad_input, got 1, but expected 2");
  }

  @Test
  void hooksRunInEachBackwardAndNotWithoutAGraph() {
    Product product = new Product();
    int[] calls = new int[1];
    product.registerFullBackwardHook(
        (m, in, out) -> {
          calls[0]++;
          return null;
        });
    Tensor a = leaf(3);
    Tensor y = product.call(a, a).sum();
    Tensor first = Autograd.grad(List.of(y), List.of(a), null, true, true, false)[0];
    assertThat(calls[0]).isEqualTo(1);
    first.sum().backward();
    assertThat(a.grad().item()).isEqualTo(2);
    y.backward();
    assertThat(a.grad().item()).isEqualTo(8);
    assertThat(calls[0]).isEqualTo(2);
    try (GradMode mode = GradMode.noGrad()) {
      Tensor b = leaf(1);
      assertThat(product.call(b, b).requiresGrad()).isFalse();
    }
  }

  @Test
  void changesInPlaceOfHookedTensorsAreRefused() {
    Product product = new Product();
    product.registerFullBackwardHook((m, in, out) -> null);
    assertThatThrownBy(() -> product.call(leaf(1).mul(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "BackwardHookFunctionBackward is a view and is being modified inplace");
    Tensor a = leaf(1);
    assertThatThrownBy(() -> product.call(a, a).mul_(2))
        .hasMessageContaining("is being modified inplace");
  }
}
