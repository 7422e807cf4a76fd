package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.HookHandle;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Modules of several inputs and outputs, and what their hooks see. */
@Timeout(30)
class ModuleCallTest {
  static final class Sum extends Module {
    @Override
    protected Tensor forward(Tensor a, Tensor b) {
      return b == null ? a : a.add(b);
    }

    @Override
    protected Tensor forward(Tensor a, Tensor b, Tensor c) {
      return a.add(b).add(c);
    }

    @Override
    protected Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d) {
      return a.add(b).add(c).add(d).mul(10);
    }
  }

  static final class Any extends Module {
    @Override
    protected Tensor forward(Tensor... inputs) {
      return Tensor.of(new double[] {inputs.length});
    }
  }

  static final class Vae extends Module {
    record Latent(Tensor mean, Tensor logVariance, int samples) {}

    record Output(Tensor image, Latent latent, List<Tensor> more) {}

    record Input(Tensor image, Tensor condition, boolean sample) {}

    final Linear encode = new Linear(2, 4);

    Output run(Input in) {
      return callWithHooks(in, this::forward);
    }

    private Output forward(Input in) {
      Tensor x = in.condition() == null ? in.image() : in.image().add(in.condition());
      Tensor out = encode.call(x);
      return new Output(x, new Latent(out.mul(0), out.mul(0).add(1), 3), List.of(x.mul(2)));
    }
  }

  private static Tensor t(double value) {
    return Tensor.of(new double[] {value});
  }

  @Test
  void aModuleTakesSeveralInputs() {
    Sum sum = new Sum();
    assertThat(sum.call(t(1), t(2)).item()).isEqualTo(3);
    assertThat(sum.call(t(1), null).item()).isEqualTo(1);
    assertThat(sum.call(t(1), t(2), t(3)).item()).isEqualTo(6);
    assertThat(sum.call(t(1), t(2), t(3), t(4)).item()).isEqualTo(100);
    Any any = new Any();
    assertThat(any.call(t(1)).item()).isEqualTo(1);
    assertThat(any.call(t(1), null, t(1)).item()).isEqualTo(3);
    assertThat(any.call(t(1), t(1), t(1), t(1), t(1)).item()).isEqualTo(5);
    assertThat(any.call(t(1), t(1), t(1), t(1), t(1), t(1), null).item()).isEqualTo(7);
  }

  @Test
  void aMissingForwardIsNamedByItsInputs() {
    assertThatThrownBy(() -> new Sum().call(t(1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Sum: is missing a forward(Tensor); override it, or call the method it has instead");
    assertThatThrownBy(() -> new Sum().call(t(1), t(1), t(1), t(1), t(1)))
        .hasMessageStartingWith(
            "Sum: is missing a forward(Tensor, Tensor, Tensor, Tensor, Tensor);");
  }

  static final class Outer extends Module {
    final Sum sum = new Sum();
    Tensor result = t(0);

    @Override
    protected Tensor forward(Tensor a, Tensor b) {
      return result == null ? null : sum.call(a, b);
    }
  }

  @Test
  void errorsNameTheInnermostModule() {
    assertThatThrownBy(() -> new Outer().call(Tensor.ones(2), Tensor.ones(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("sum (Sum): ")
        .hasMessageContaining("[2]")
        .hasMessageContaining("[3]");
    Outer outer = new Outer();
    outer.result = null;
    assertThatThrownBy(() -> outer.call(t(1), t(2)))
        .hasMessage("Outer: forward must return a tensor; got null");
  }

  @Test
  void hooksSeeAndReplaceAllInputs() {
    Sum sum = new Sum();
    List<Double> seen = new ArrayList<>();
    sum.registerForwardPreHook((m, in) -> new Tensor[] {in[1], in[0].mul(10)});
    sum.registerForwardPreHook(
        (m, in) -> {
          seen.add(in[0].item());
          seen.add(in[1].item());
          in[0] = null; // the hook's own array
          return null;
        });
    sum.registerForwardHook(
        (m, in, out) -> {
          seen.add(in[0].item());
          seen.add(in[1].item());
          return out.add(0.5);
        });
    assertThat(sum.call(t(1), t(2)).item()).isEqualTo(12.5);
    assertThat(seen).containsExactly(2.0, 10.0, 2.0, 10.0);
    Sum more = new Sum();
    more.registerForwardPreHook((m, in) -> new Tensor[] {in[0], in[1], t(7)});
    assertThat(more.call(t(1), t(2)).item()).isEqualTo(10);
    Sum none = new Sum();
    none.registerForwardPreHook((m, in) -> new Tensor[] {in[0], null});
    assertThat(none.call(t(1), t(2)).item()).isEqualTo(1);
  }

  @Test
  void recordsGoThroughHooksWithAllTheirTensors() {
    Vae vae = new Vae();
    Vae.Input input = new Vae.Input(Tensor.ones(1, 2), null, true);
    assertThat(vae.run(input).latent().samples()).isEqualTo(3);
    List<Integer> counts = new ArrayList<>();
    vae.registerForwardPreHook(
        (m, in) -> {
          counts.add(in.length);
          assertThat(in[1]).isNull();
          return new Tensor[] {in[0], Tensor.ones(1, 2)};
        });
    vae.registerForwardHook(
        new ForwardHook() {
          @Override
          public Tensor after(Module module, Tensor[] inputs, Tensor output) {
            throw new AssertionError("afterAll is overridden");
          }

          @Override
          public Tensor[] afterAll(Module module, Tensor[] inputs, Tensor[] outputs) {
            counts.add(outputs.length);
            Tensor[] replaced = outputs.clone();
            replaced[2] = t(42);
            replaced[3] = t(43);
            return replaced;
          }
        });
    vae.registerForwardHook((m, in, out) -> out.add(1));
    Vae.Output out = vae.run(input);
    assertThat(counts).containsExactly(2, 4);
    assertThat(out.image().toFloatArray()).containsExactly(3, 3);
    assertThat(out.latent().logVariance().item()).isEqualTo(42);
    assertThat(out.latent().samples()).isEqualTo(3);
    assertThat(out.more().get(0).item()).isEqualTo(43);
  }

  @Test
  void mapsAndArraysAreSeen() {
    class Named extends Module {
      Map<String, Tensor> run(Map<String, Tensor[]> in) {
        return callWithHooks(in, m -> Map.of("sum", m.get("x")[0].add(m.get("x")[1])));
      }
    }
    Named named = new Named();
    named.registerForwardPreHook((m, in) -> new Tensor[] {in[0], t(5)});
    named.registerForwardHook((m, in, out) -> out.mul(2));
    Map<String, Tensor[]> in = new LinkedHashMap<>(Map.of("x", new Tensor[] {t(1), t(2)}));
    assertThat(named.run(in).get("sum").item()).isEqualTo(12);
    assertThat(in.get("x")[1].item()).isEqualTo(2);
  }

  @Test
  void aWrongNumberOfReplacementsIsRefused() {
    Vae vae = new Vae();
    vae.registerForwardPreHook((m, in) -> new Tensor[] {in[0]});
    assertThatThrownBy(() -> vae.run(new Vae.Input(Tensor.ones(1, 2), null, true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Vae: hook: must return as many tensors as there are inputs; got 1 for 2");
  }

  @Test
  void hooksMayRemoveHooksWhileTheyRun() {
    Sum sum = new Sum();
    List<String> seen = new ArrayList<>();
    HookHandle[] handles = new HookHandle[2];
    handles[0] =
        sum.registerForwardHook(
            (m, in, out) -> {
              seen.add("first");
              handles[0].remove();
              handles[1].remove();
              return null;
            });
    handles[1] =
        sum.registerForwardHook(
            (m, in, out) -> {
              seen.add("second");
              return null;
            });
    sum.call(t(1), t(1));
    sum.call(t(1), t(1));
    assertThat(seen).containsExactly("first", "second");
    assertThatThrownBy(() -> sum.registerForwardHook(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("hook");
  }

  @Test
  void aHookThatThrowsLeavesTheModuleUsable() {
    Sum sum = new Sum();
    HookHandle handle =
        sum.registerForwardPreHook(
            (m, in) -> {
              throw new IllegalStateException("stop");
            });
    assertThatThrownBy(() -> sum.call(t(1), t(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");
    handle.remove();
    assertThat(sum.call(t(1), t(1)).item()).isEqualTo(2);
  }

  @Test
  void methodsThatReturnTheModuleKeepItsType() {
    Outer outer = new Outer().eval();
    outer = outer.train();
    Module plain = outer.train(false);
    assertThat(plain).isSameAs(outer);
    assertThat(new Outer().eval().call(t(1), t(2)).item()).isEqualTo(3);
    Sequential chain = new Sequential(new Linear(2, 1)).apply(m -> {});
    assertThat(chain.setRequiresGrad(false).parameters()).noneMatch(Tensor::requiresGrad);
    assertThat(String.valueOf(new Outer().<Module>eval())).startsWith("Outer(");
  }
}
