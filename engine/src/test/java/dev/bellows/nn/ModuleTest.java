package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.HookHandle;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ModuleTest {
  private static Parameter parameter(long... shape) {
    return Parameter.of(Tensor.ones(shape));
  }

  static class Base extends Module {
    final Linear first = new Linear(2, 3);
    final Parameter scale = parameter(1);
    static final Linear SHARED_BY_ALL = new Linear(1, 1);
    final transient Linear notMine = new Linear(1, 1);
  }

  static final class Derived extends Base {
    final Buffer mean = Buffer.of(Tensor.zeros(3));
    final Buffer scratch = Buffer.of(Tensor.zeros(3), false);
    final Sequential body = new Sequential(new Linear(3, 3, false), new ReLU());
    final Parameter shift = parameter(3);
    @MayBeNull final Linear none = null;

    Derived() {
      register("extra", new Linear(3, 1));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return body.call(first.call(x).mul(scale).add(shift));
    }
  }

  @Test
  void fieldsAreTheRegistryInPyTorchsOrder() {
    Derived module = new Derived();
    assertThat(module.namedParameters().keySet())
        .containsExactly(
            "scale",
            "shift",
            "first.weight",
            "first.bias",
            "body.0.weight",
            "extra.weight",
            "extra.bias");
    assertThat(module.stateDict().keys())
        .containsExactly(
            "scale",
            "shift",
            "mean",
            "first.weight",
            "first.bias",
            "body.0.weight",
            "extra.weight",
            "extra.bias");
    assertThat(module.namedBuffers().keySet()).containsExactly("mean", "scratch");
    assertThat(module.namedModules().keySet())
        .containsExactly("", "first", "body", "body.0", "body.1", "extra");
    assertThat(module.namedChildren().keySet()).containsExactly("first", "body", "extra");
    assertThat(module.parameters()).allMatch(Tensor::requiresGrad);
  }

  @Test
  void printsLikePyTorch() {
    assertThat(new Derived())
        .hasToString(
            """
            Derived(
              (first): Linear(in_features=2, out_features=3, bias=true)
              (body): Sequential(
                (0): Linear(in_features=3, out_features=3, bias=false)
                (1): ReLU()
              )
              (extra): Linear(in_features=3, out_features=1, bias=true)
            )""");
  }

  @Test
  void aFieldAssignedAgainCountsWithItsNewValue() {
    class Head extends Module {
      Linear head = new Linear(2, 3);
    }
    Head module = new Head();
    assertThat(module.parameters().get(0).shape()).containsExactly(3, 2);
    module.head = new Linear(2, 7);
    assertThat(module.parameters().get(0).shape()).containsExactly(7, 2);
  }

  @Test
  void innerClassesDoNotFindTheModuleAroundThem() {
    class Outer extends Module {
      final class Inner extends Module {
        final Parameter weight = parameter(1);

        @Override
        protected Tensor forward(Tensor x) {
          return x.mul(weight).mul(outer().weight);
        }

        Outer outer() {
          return Outer.this;
        }
      }

      final Parameter weight = parameter(1);
      final Inner inner = new Inner();
    }
    assertThat(new Outer().namedParameters().keySet()).containsExactly("weight", "inner.weight");
  }

  @Test
  void sharedParametersCountOnceAndKeepBothKeys() {
    class Tied extends Module {
      final Parameter weight = parameter(2);
      final Parameter alias = weight;
      final Linear a = new Linear(1, 1, false);
      final Linear b = a;
    }
    Tied module = new Tied();
    assertThat(module.namedParameters().keySet()).containsExactly("weight", "a.weight");
    assertThat(module.stateDict().keys())
        .containsExactly("weight", "alias", "a.weight", "b.weight");
    assertThat(module.modules()).hasSize(2);
    new Tied().loadStateDict(module.stateDict());
  }

  @Test
  void registerRefusesBadNames() {
    Derived module = new Derived();
    assertThatThrownBy(() -> module.register("", parameter(1)))
        .hasMessage("register: Derived: parameter name can't be empty string \"\"");
    assertThatThrownBy(() -> module.register("a.b", new ReLU()))
        .hasMessage("register: Derived: module name can't contain \".\", got: a.b");
    for (String taken : List.of("first", "mean", "none", "extra")) {
      assertThatThrownBy(() -> module.register(taken, Buffer.of(Tensor.ones(1))))
          .hasMessage("register: Derived: attribute '" + taken + "' already exists");
    }
    assertThatThrownBy(() -> module.register("x", (Parameter) null))
        .hasMessage("register: Derived: parameter 'x' must not be null");
  }

  @Test
  void aNameDeclaredTwiceIsRefused() {
    class Shadow extends Base {
      final Linear first = new Linear(1, 1);
    }
    assertThatThrownBy(() -> new Shadow().parameters())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Shadow: a name must be used once; field first is declared in Base and in Shadow");
  }

  @Test
  void aNullFieldIsNamed() {
    class Late extends Module {
      Linear fc;
      Parameter p;

      @Override
      protected Tensor forward(Tensor x) {
        return x;
      }
    }
    Late late = new Late();
    assertThatThrownBy(() -> late.call(Tensor.ones(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Late: fields must be assigned before the first use, or marked @MayBeNull; null are [fc"
                + " (Linear), p (Parameter)]");
    late.fc = new Linear(1, 1);
    late.p = parameter(1);
    assertThat(late.call(Tensor.ones(1)).item()).isEqualTo(1);
    assertThatThrownBy(() -> new Sequential(new Late()).parameters())
        .hasMessageStartingWith("Late at 0: fields must be assigned");
  }

  @Test
  void membersHiddenInCollectionsAreRefused() {
    class Hidden extends Module {
      final List<Linear> layers = List.of(new Linear(1, 1));
    }
    class HiddenArray extends Module {
      final Parameter[] weights = {parameter(1)};
    }
    assertThatThrownBy(() -> new Hidden().parameters())
        .hasMessageContaining("field layers (List) holds members that would not be registered");
    assertThatThrownBy(() -> new HiddenArray().parameters())
        .hasMessageContaining("field weights (Parameter[]) holds members");
  }

  private interface Layer {}

  static final class Residual<M extends Module> extends Module implements Layer {
    final M inner;

    Residual(M inner) {
      this.inner = inner;
    }
  }

  private static void assertHidden(Module module, String field) {
    assertThatThrownBy(module::parameters)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Hidden: field "
                + field
                + " holds members that would not be registered; use a ModuleList or register(name,"
                + " …), or mark the field transient if they are registered elsewhere");
  }

  @Test
  void membersHiddenByTypeAreRefused() {
    {
      class Hidden extends Module {
        Linear[][] layers;
      }
      assertHidden(new Hidden(), "layers (Linear[][])");
    }
    {
      class Hidden extends Module {
        List<List<Linear>> layers;
      }
      assertHidden(new Hidden(), "layers (List)");
    }
    {
      class Hidden extends Module {
        Map<String, List<? extends Linear>> layers;
      }
      assertHidden(new Hidden(), "layers (Map)");
    }
    {
      class Hidden extends Module {
        List<Residual<Linear>> layers;
      }
      assertHidden(new Hidden(), "layers (List)");
    }
    {
      class Hidden extends Module {
        Residual<Linear>[] layers;
      }
      assertHidden(new Hidden(), "layers (Residual[])");
    }
    {
      class Hidden extends Module {
        Optional<Linear> layer;
      }
      assertHidden(new Hidden(), "layer (Optional)");
    }
    {
      class Hidden<M extends Module & Comparable<M>> extends Module {
        List<M[]> layers;
      }
      assertHidden(new Hidden<>(), "layers (List)");
    }
  }

  @Test
  void membersHiddenByValueAreRefused() {
    Residual<Linear> member = new Residual<>(new Linear(1, 1));
    {
      class Hidden extends Module {
        final Layer[] layers = {new Layer() {}, member};
      }
      assertHidden(new Hidden(), "layers (Layer[])");
    }
    {
      class Hidden extends Module {
        final List<List<Layer>> layers = List.of(List.of(member));
      }
      assertHidden(new Hidden(), "layers (List)");
    }
    {
      class Hidden extends Module {
        final Map<String, Object> layers = Map.of("a", new Object[] {member});
      }
      assertHidden(new Hidden(), "layers (Map)");
    }
    {
      class Hidden extends Module {
        final Optional<Layer> layer = Optional.of(member);
      }
      assertHidden(new Hidden(), "layer (Optional)");
    }
  }

  @Test
  void whatHoldsNoMemberIsLeftAlone() {
    class Plain<T extends Comparable<T>> extends Module {
      final Layer[] layers = {new Layer() {}, null};
      final List<Object> things = new ArrayList<>(Arrays.asList("a", null, new Layer[1]));
      final Map<String, List<int[]>> sizes = Map.of("a", List.of(new int[1]));
      final List<Supplier<Linear>> makers = List.of(() -> new Linear(1, 1));
      final Optional<Layer> none = Optional.empty();
      final List<T> comparable = List.of();
      final transient List<Linear> elsewhere = List.of(new Linear(1, 1));
      Object[] later;
    }
    assertThat(new Plain<String>().parameters()).isEmpty();
  }

  static final class Loop extends Module {
    Module inner;

    void add(String name, Module module) {
      register(name, module);
    }
  }

  @Test
  void aModuleMustNotContainItself() {
    Loop outer = new Loop();
    Loop inner = new Loop();
    outer.inner = inner;
    inner.inner = outer;
    assertThatThrownBy(outer::parameters)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("module: a module must not contain itself; Loop is found again at inner.inner");
    assertThatThrownBy(outer::stateDict).hasMessageContaining("inner.inner");
    Loop self = new Loop();
    assertThatThrownBy(() -> self.add("me", self))
        .hasMessage("register: Loop must not contain itself; got it in me");
    Loop around = new Loop();
    around.inner = self;
    assertThatThrownBy(() -> self.add("around", around))
        .hasMessage("register: Loop must not contain itself; got it in around");
  }

  @Test
  void aParameterHasNoHistory() {
    Tensor x = Tensor.ones(2).setRequiresGrad(true);
    assertThatThrownBy(() -> Parameter.of(x.mul(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Parameter: data must have no history; got a tensor [2] made by");
    assertThatThrownBy(() -> Parameter.of(Tensor.arange(3)))
        .hasMessage(
            "Parameter: Only Tensors of floating point dtype can require gradients; got INT64[3]");
    assertThat(Parameter.of(Tensor.arange(3), false).requiresGrad()).isFalse();
  }

  @Test
  void hooksRunInOrderAndMayReplace() {
    Linear layer = new Linear(1, 1, false);
    Init.constant(layer.weight, 3);
    List<String> seen = new ArrayList<>();
    HookHandle doubling = layer.registerForwardPreHook((m, in) -> new Tensor[] {in[0].mul(2)});
    layer.registerForwardPreHook(
        (m, in) -> {
          seen.add("pre " + in[0].item());
          return null;
        });
    layer.registerForwardHook(
        (m, in, out) -> {
          seen.add(in[0].item() + " -> " + out.item());
          return out.add(1);
        });
    assertThat(layer.call(Tensor.ones(1, 1)).item()).isEqualTo(7);
    doubling.remove();
    doubling.remove();
    assertThat(layer.call(Tensor.ones(1, 1)).item()).isEqualTo(4);
    assertThat(seen).containsExactly("pre 2.0", "2.0 -> 6.0", "pre 1.0", "1.0 -> 3.0");
  }

  @Test
  void wrongInputsNameTheInnermostModule() {
    Derived module = new Derived();
    assertThatThrownBy(() -> module.call(Tensor.ones(4, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("first (Linear): linear: ")
        .hasMessageContaining("[4, 5]")
        .hasMessageContaining("[3, 2]");
    assertThatThrownBy(() -> module.call(null)).hasMessage("Derived: input must not be null");
    assertThatThrownBy(() -> new Base().call(Tensor.ones(1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("Base: is missing a forward(Tensor)");
  }

  @Test
  void trainEvalApplyAndZeroGrad() {
    Derived module = new Derived();
    assertThat(module.isTraining()).isTrue();
    module.eval();
    assertThat(module.modules()).noneMatch(Module::isTraining);
    module.train();
    assertThat(module.modules()).allMatch(Module::isTraining);
    List<String> visited = new ArrayList<>();
    module.apply(m -> visited.add(m.getClass().getSimpleName()));
    assertThat(visited)
        .containsExactly("Linear", "Linear", "ReLU", "Sequential", "Linear", "Derived");
    module.call(Tensor.ones(1, 2)).sum().backward();
    assertThat(module.first.weight.grad()).isNotNull();
    module.zeroGrad();
    assertThat(module.parameters()).allMatch(p -> p.grad() == null);
    module.setRequiresGrad(false);
    assertThat(module.parameters()).noneMatch(Tensor::requiresGrad);
  }

  @Test
  void aModelOutlivesTheScopeItWasMadeIn() {
    Linear layer;
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      layer = new Linear(2, 3);
    }
    assertThat(layer.call(Tensor.ones(1, 2)).shape()).containsExactly(1, 3);
  }

  @Test
  void moduleListIsWalked() {
    class Stack extends Module {
      final ModuleList layers = new ModuleList(new Linear(1, 2), new Linear(2, 1));
    }
    Stack stack = new Stack();
    assertThat(stack.namedParameters().keySet())
        .containsExactly("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias");
    assertThat(stack.layers.get(1)).isInstanceOf(Linear.class);
    assertThat(stack.layers).hasSize(2);
  }
}
