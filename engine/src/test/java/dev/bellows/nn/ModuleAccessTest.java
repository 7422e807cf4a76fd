package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.HookHandle;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Paths, types, printing and the hooks of state dicts. */
@Timeout(30)
class ModuleAccessTest {
  static final class Net extends Module {
    final Sequential body = new Sequential(new Linear(2, 2), new ReLU());
    final Linear head = new Linear(2, 1, false);
    final Buffer count = Buffer.of(Tensor.zeros(DType.INT64, 1));
    final Buffer mean = Buffer.of(Tensor.zeros(2), false);

    @Override
    protected Tensor forward(Tensor x) {
      return head.call(body.call(x));
    }
  }

  @Test
  void membersAreFoundByPath() {
    Net net = new Net();
    assertThat(net.getSubmodule("body.0")).isSameAs(net.body.get(0));
    assertThat(net.getSubmodule("")).isSameAs(net);
    assertThat(net.getParameter("head.weight")).isSameAs(net.head.weight);
    assertThat(net.getBuffer("mean")).isSameAs(net.mean);
    assertThatThrownBy(() -> net.getSubmodule("body.7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Sequential has no attribute `7`; at the path body.7");
    assertThatThrownBy(() -> net.getSubmodule("body.0.weight"))
        .hasMessage("`weight` is not an nn.Module; at the path body.0.weight");
    assertThatThrownBy(() -> net.getParameter("head.bias"))
        .hasMessage("`bias` is not an nn.Parameter; at the path head.bias");
    assertThatThrownBy(() -> net.getParameter("mean"))
        .hasMessage("`mean` is not an nn.Parameter; at the path mean");
    assertThatThrownBy(() -> net.getBuffer("head.weight"))
        .hasMessage("`weight` is not a buffer; at the path head.weight");
    assertThatThrownBy(() -> net.getParameter("a..b")).hasMessageContaining("has no attribute `a`");
  }

  @Test
  void aTypeChangesFloatingPointTensorsOnly() {
    Net net = new Net();
    Parameter weight = net.head.weight;
    try (GradMode mode = GradMode.noGrad()) {
      net.getParameter("body.0.bias").fill_(10); // so that ReLU is not 0 for any weights
    }
    net.call(Tensor.ones(1, 2)).sum().backward();
    net = net.to(DType.FLOAT64);
    assertThat(net.head.weight).isSameAs(weight);
    assertThat(weight.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(weight.grad().dtype()).isEqualTo(DType.FLOAT64);
    assertThat(net.count.dtype()).isEqualTo(DType.INT64);
    assertThat(net.mean.dtype()).isEqualTo(DType.FLOAT64);
    Tensor before = weight.grad().clone();
    net.call(Tensor.ones(DType.FLOAT64, 1, 2)).sum().backward();
    assertThat(weight.grad().toDoubleArray()).isNotEqualTo(before.toDoubleArray());
    net.to(Device.CPU, DType.BFLOAT16);
    assertThat(weight.dtype()).isEqualTo(DType.BFLOAT16);
    Net same = net;
    assertThatThrownBy(() -> same.to(DType.INT64))
        .hasMessage(
            "to: nn.Module.to only accepts floating point or complex dtypes, but got desired"
                + " dtype=INT64");
  }

  @Test
  void bothNamesOfAModuleArePrinted() {
    class Twice extends Module {
      final Linear a = new Linear(1, 1);
      final Linear b = a;
      final ModuleList list =
          new ModuleList(new ReLU(), new ReLU(), new Sequential(), new ReLU(), new ReLU());

      @Override
      protected String extraRepr() {
        return "one\ntwo";
      }
    }
    assertThat(new Twice())
        .hasToString(
            """
            Twice(
              one
              two
              (a): Linear(in_features=1, out_features=1, bias=true)
              (b): Linear(in_features=1, out_features=1, bias=true)
              (list): ModuleList(
                (0-1): 2 x ReLU()
                (2): Sequential()
                (3-4): 2 x ReLU()
              )
            )""");
  }

  @Test
  void hooksSeeAndChangeStateDicts() {
    Net net = new Net();
    List<String> seen = new ArrayList<>();
    net.head.registerStateDictPreHook((m, prefix) -> seen.add("before " + prefix));
    HookHandle post =
        net.head.registerStateDictPostHook(
            (m, dict, prefix) -> {
              seen.add("after " + prefix);
              dict.put(prefix + "scale", Tensor.ones(1));
            });
    StateDict dict = net.stateDict();
    assertThat(dict.keys())
        .containsExactly("count", "body.0.weight", "body.0.bias", "head.weight", "head.scale");
    assertThat(seen).containsExactly("before head.", "after head.");
    post.remove();
    assertThat(net.stateDict().keys()).doesNotContain("head.scale");
    assertThatThrownBy(() -> net.loadStateDict(dict))
        .hasMessageContaining("unexpected [head.scale]");
    HookHandle pre =
        net.head.registerLoadStateDictPreHook((m, d, prefix) -> d.remove(prefix + "scale"));
    net.loadStateDict(dict);
    assertThat(dict.contains("head.scale")).isTrue();
    pre.remove();
    net.registerLoadStateDictPostHook((m, report) -> report.unexpected().clear());
    assertThat(net.loadStateDict(dict, true).unexpected()).isEmpty();
    dict.remove("count");
    assertThatThrownBy(() -> net.loadStateDict(dict))
        .hasMessage("loadStateDict: 1 problem: missing [count]");
  }

  @Test
  void aStateDictPrintsItsTensors() {
    StateDict dict = new StateDict();
    dict.put("fc.weight", Tensor.ones(2, 2));
    assertThat(dict)
        .hasToString(
            "StateDict(\n  fc.weight: " + "tensor([[1., 1.],\n" + " ".repeat(21) + "[1., 1.]])\n)");
    assertThat(new StateDict()).hasToString("StateDict()");
  }

  @Test
  void registeringAgainReplaces() {
    class Open extends Module {
      Open add(String name, Module module) {
        register(name, module);
        return this;
      }

      boolean drop(String name) {
        return unregister(name);
      }
    }
    Open open = new Open().add("a", new ReLU()).add("b", new ReLU()).add("a", new Linear(1, 1));
    assertThat(open.namedChildren().keySet()).containsExactly("a", "b");
    assertThat(open.parameters()).hasSize(2);
    assertThat(open.drop("a")).isTrue();
    assertThat(open.drop("a")).isFalse();
    assertThat(open.parameters()).isEmpty();
  }
}
