package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.HookHandle;
import dev.bellows.memory.DType;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeepCopyTest {
  record Size(int[] of, String name, Config config) {}

  static final class Config {
    final List<String> names = new ArrayList<>(List.of("a"));
    Config self = this;
  }

  static final class Net extends Module {
    final class Inner extends Module {
      Net outer() {
        return Net.this;
      }
    }

    final Linear encode;
    final Linear decode;
    final Parameter tied;
    final Buffer mean = Buffer.of(Tensor.zeros(2), false);
    final Sequential body = new Sequential(new Linear(2, 2), new ReLU(), new Dropout(0.5));
    final Inner inner = new Inner();
    final Size size = new Size(new int[] {1, 2}, "size", new Config());
    final Map<DType, Integer> map = new EnumMap<>(Map.of(DType.FLOAT32, 4));
    final AtomicInteger calls = new AtomicInteger();
    final Optional<String> text = Optional.of("x");
    final UnaryOperator<Tensor> activation = Tensor::relu;
    final Generator generator = new Generator(7);
    final Tensor constant = Tensor.ones(2);
    @MayBeNull final Linear none = null;
    transient Object[] cycle = new Object[1];

    Net(int width) {
      encode = new Linear(2, width, false);
      decode = new Linear(2, width, false);
      tied = encode.weight;
      cycle[0] = cycle;
      register("extra", encode);
    }

    @Override
    protected Tensor forward(Tensor x) {
      calls.incrementAndGet();
      return encode.call(activation.apply(body.call(x)));
    }
  }

  @Test
  void aCopySharesNothingThatChanges() {
    Net net = new Net(3).eval();
    net.generator.nextKey();
    net.call(Tensor.ones(1, 2)).sum().backward();
    Net copy = net.deepCopy();
    assertThat(copy.isTraining()).isFalse();
    assertThat(copy.namedParameters().keySet()).isEqualTo(net.namedParameters().keySet());
    assertThat(copy.stateDict().keys()).isEqualTo(net.stateDict().keys());
    Tensor x = Tensor.randn(3, 2);
    assertThat(copy.call(x).toFloatArray()).isEqualTo(net.call(x).toFloatArray());
    Init.zeros(copy.encode.weight);
    assertThat(net.encode.weight.abs().sum().item()).isPositive();
    assertThat(copy.tied).isSameAs(copy.encode.weight);
    assertThat(copy.tied).isNotSameAs(net.tied);
    assertThat(copy.inner.outer()).isSameAs(copy);
    assertThat(copy.encode.weight.grad()).isNull();
    assertThat(net.encode.weight.grad()).isNotNull();
    assertThat(copy.size.of()).isNotSameAs(net.size.of()).containsExactly(1, 2);
    assertThat(copy.size.config().self).isSameAs(copy.size.config());
    assertThat(copy.size.config()).isNotSameAs(net.size.config());
    assertThat(copy.map).isEqualTo(net.map).isNotSameAs(net.map);
    assertThat(copy.calls).isNotSameAs(net.calls);
    assertThat(copy.calls.get()).isEqualTo(2);
    assertThat(copy.generator.state()).isEqualTo(1);
    assertThat(copy.constant).isNotSameAs(net.constant);
    assertThat(copy.cycle[0]).isSameAs(copy.cycle);
    assertThat(copy.mean.isPersistent()).isFalse();
    assertThat(copy.body.get(0).<Module>train().call(x).shape()).containsExactly(3, 2);
  }

  @Test
  void frozenParametersStayFrozenAndHooksAreCopied() {
    Linear layer = new Linear(1, 1).setRequiresGrad(false);
    HookHandle handle = layer.registerForwardHook((m, in, out) -> out.mul(0));
    Linear copy = layer.deepCopy();
    assertThat(copy.weight.requiresGrad()).isFalse();
    handle.remove();
    assertThat(copy.call(Tensor.ones(1, 1)).item()).isZero();
    assertThat(layer.call(Tensor.ones(1, 1)).item()).isNotZero();
  }

  @Test
  void aCopyOfASubmoduleStandsAlone() {
    Net net = new Net(3);
    net.call(Tensor.ones(1, 2));
    Linear part = net.encode.deepCopy();
    assertThatThrownBy(() -> part.call(Tensor.ones(1, 9)))
        .hasMessageStartingWith("Linear: linear: ");
    assertThat(net.inner.<Net.Inner>deepCopy().outer()).isSameAs(net);
  }

  @Test
  void capturedMembersAndHistoriesAreRefused() {
    class Capturing extends Module {
      final Linear fc = new Linear(1, 1);
      final UnaryOperator<Tensor> function = x -> fc.call(x);
    }
    assertThatThrownBy(() -> new Capturing().deepCopy())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("deepCopy: a function in a field captures members of the module");
    class History extends Module {
      final Linear fc = new Linear(1, 1);
      Tensor last = fc.call(Tensor.ones(1, 1));
    }
    assertThatThrownBy(() -> new History().deepCopy())
        .hasMessageStartingWith("deepCopy: Only Tensors created explicitly by the user");
  }

  @Test
  void containersAreCopied() {
    class Deep extends Module {
      final ModuleDict dict = new ModuleDict().put("a", new ModuleList(new Linear(1, 1)));
      final ParameterList list = new ParameterList(Tensor.ones(2), Tensor.ones(3));
      final Map<String, Object> things = new HashMap<>(Map.of("list", List.of(1, "b")));
    }
    Deep deep = new Deep();
    Deep copy = deep.deepCopy();
    assertThat(copy.namedParameters().keySet())
        .containsExactly("dict.a.0.weight", "dict.a.0.bias", "list.0", "list.1");
    copy.list.append(Tensor.ones(1));
    assertThat(deep.list.size()).isEqualTo(2);
    assertThat(copy.things).isEqualTo(deep.things);
  }
}
