package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.HookHandle;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HookOrderTest {
  /** Doubles its input, unless that is negative. */
  private static final class Twice extends Module {
    @Override
    protected Tensor forward(Tensor x) {
      if (x.detach().min().item() < 0) {
        throw new IllegalArgumentException("x must not be negative");
      }
      return x.mul(2);
    }
  }

  private final List<String> seen = new ArrayList<>();
  private final Twice module = new Twice();

  private ForwardPreHook before(String name) {
    return (m, inputs) -> {
      seen.add(name);
      return null;
    };
  }

  private ForwardHook after(String name) {
    return (m, inputs, output) -> {
      seen.add(name + " " + (output == null ? "none" : output.item()) + " of " + inputs[0].item());
      return output == null ? null : output.add(1);
    };
  }

  @Test
  void prependedHooksRunFirst() {
    module.registerForwardPreHook(before("a"));
    module.registerForwardPreHook(before("b"), true);
    HookHandle removed = module.registerForwardPreHook(before("c"), true);
    module.registerForwardPreHook(before("d"), false);
    module.registerForwardHook(after("e"));
    module.registerForwardHook(after("f"), true, false);
    assertThat(module.call(Tensor.scalar(3)).item()).isEqualTo(8);
    assertThat(seen).containsExactly("c", "b", "a", "d", "f 6.0 of 3.0", "e 7.0 of 3.0");
    seen.clear();
    removed.remove();
    module.deepCopy().call(Tensor.scalar(0));
    assertThat(seen).containsExactly("b", "a", "d", "f 0.0 of 0.0", "e 1.0 of 0.0");
  }

  @Test
  void prependedBackwardHooksRunFirst() {
    for (String name : List.of("a", "b", "c")) {
      boolean prepend = name.equals("b");
      module.registerFullBackwardPreHook(
          (m, outputs) -> {
            seen.add("pre " + name);
            return null;
          },
          prepend);
      module.registerFullBackwardHook(
          (m, inputs, outputs) -> {
            seen.add(name);
            return null;
          },
          prepend);
    }
    module.call(Tensor.ones(2).setRequiresGrad(true)).sum().backward();
    assertThat(seen).containsExactly("pre b", "pre a", "pre c", "b", "a", "c");
  }

  @Test
  void hooksThatAreAlwaysCalledRunAfterFailures() {
    module.registerForwardHook(after("a"));
    module.registerForwardHook(after("b"), false, true);
    module.registerForwardHook(
        (m, inputs, output) -> {
          throw new IllegalStateException("of the hook");
        },
        false,
        true);
    module.registerForwardHook(after("c"), false, true);
    assertThatThrownBy(() -> module.call(Tensor.scalar(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Twice: x must not be negative")
        .cause()
        .satisfies(
            cause ->
                assertThat(cause.getSuppressed())
                    .singleElement()
                    .satisfies(e -> assertThat(e).hasMessage("of the hook")));
    assertThat(seen).containsExactly("b none of -1.0", "c none of -1.0");
    seen.clear();
    assertThatThrownBy(() -> module.call(Tensor.scalar(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("of the hook");
    assertThat(seen).containsExactly("a 4.0 of 2.0", "b 5.0 of 2.0", "c 6.0 of 2.0");
  }

  @Test
  void theyRunAfterFailuresOfPreHooksAndWithAllOutputs() {
    module.registerForwardHook(
        new ForwardHook() {
          @Override
          public Tensor after(Module m, Tensor[] inputs, Tensor output) {
            throw new IllegalStateException("not this form");
          }

          @Override
          public Tensor[] afterAll(Module m, Tensor[] inputs, Tensor[] outputs) {
            seen.add(Arrays.toString(outputs) + " of " + inputs[0].item());
            return null;
          }
        },
        false,
        true);
    module.registerForwardPreHook((m, inputs) -> new Tensor[] {inputs[0].add(1)});
    module.registerForwardPreHook(
        (m, inputs) -> {
          throw new IllegalStateException("before");
        });
    assertThatThrownBy(() -> module.call(Tensor.scalar(3))).hasMessage("before");
    assertThat(seen).containsExactly("[] of 4.0");
    assertThatThrownBy(() -> module.registerForwardHook(null, true, true))
        .isInstanceOf(NullPointerException.class);
  }
}
