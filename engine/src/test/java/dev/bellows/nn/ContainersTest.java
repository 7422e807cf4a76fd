package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ContainersTest {
  @Test
  void aSequentialIsWrittenInThreeWays() {
    Sequential positional = new Sequential(new Linear(2, 3), new ReLU());
    Map<String, Module> named = new LinkedHashMap<>();
    named.put("fc", new Linear(2, 3));
    named.put("act", new ReLU());
    Sequential byName = new Sequential(named);
    Sequential built = new Sequential();
    built.addModule("fc", new Linear(2, 3));
    built.append(new ReLU());
    assertThat(positional.stateDict().keys()).containsExactly("0.weight", "0.bias");
    assertThat(byName.stateDict().keys()).containsExactly("fc.weight", "fc.bias");
    assertThat(built.namedChildren().keySet()).containsExactly("fc", "1");
    assertThat(built.call(Tensor.ones(1, 2)).shape()).containsExactly(1, 3);
    Linear first = (Linear) positional.get(0);
    assertThat(first.weight.shape()).containsExactly(3, 2);
    assertThat(positional.get(-1).toString()).isEqualTo("ReLU()");
    List<Module> walked = new ArrayList<>();
    positional.forEach(walked::add);
    assertThat(walked).containsExactly(first, positional.get(1));
    assertThat(new Sequential().call(Tensor.ones(1)).item()).isEqualTo(1);
  }

  @Test
  void anEntryOfASequentialIsReplaced() {
    Sequential net = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
    net.set(-1, new Linear(3, 7));
    net.set(0, new Linear(5, 3));
    assertThat(net.call(Tensor.ones(1, 5)).shape()).containsExactly(1, 7);
    assertThat(net.namedChildren().keySet()).containsExactly("0", "1", "2");
    assertThatThrownBy(() -> net.set(3, new ReLU()))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index 3 is out of range; there are 3 entries");
    assertThatThrownBy(() -> net.get(-4)).hasMessageContaining("index -4 is out of range");
    assertThatThrownBy(() -> net.set(0, null))
        .hasMessage("register: Sequential: module '0' must not be null");
    assertThatThrownBy(() -> net.append(net)).hasMessageContaining("must not contain itself");
    assertThat(net.size()).isEqualTo(3);
  }

  @Test
  void aModuleListChangesLikeAList() {
    Linear a = new Linear(1, 1);
    Linear b = new Linear(1, 2);
    ReLU c = new ReLU();
    ModuleList list = new ModuleList(a).append(b).extend(List.of(c));
    list.insert(0, c).insert(-1, a).insert(5, b);
    assertThat(list).containsExactly(c, a, b, a, c, b);
    assertThat(list.remove(-1)).isSameAs(b);
    assertThat(list.set(-1, a)).containsExactly(c, a, b, a, a);
    Module second = list.get(1);
    assertThat(second).isSameAs(a);
    assertThat(list.stateDict().keys())
        .containsExactly(
            "1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "3.bias", "4.weight", "4.bias");
    assertThatThrownBy(() -> list.get(5)).hasMessageContaining("index 5 is out of range");
    assertThatThrownBy(() -> list.insert(0, null))
        .hasMessage("register: ModuleList: module '5' must not be null");
    assertThatThrownBy(() -> list.insert(9, c)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(new ModuleList(list)).hasSize(5);
    assertThatThrownBy(() -> list.call(Tensor.ones(1)))
        .hasMessageStartingWith("ModuleList: is missing a forward(Tensor)");
  }

  @Test
  void aModuleDictKeepsItsOrder() {
    ModuleDict dict = new ModuleDict();
    dict.put("b", new ReLU()).put("a", new Linear(1, 1)).put("b", new Linear(1, 2));
    assertThat(dict.keys()).containsExactly("b", "a");
    Linear b = (Linear) dict.get("b");
    assertThat(b.weight.shape()).containsExactly(2, 1);
    assertThat(dict.contains("c")).isFalse();
    assertThatThrownBy(() -> dict.get("c"))
        .hasMessage("ModuleDict: no entry 'c'; there are [b, a]");
    assertThatThrownBy(() -> dict.put("x.y", new ReLU()))
        .hasMessage("register: ModuleDict: module name can't contain \".\", got: x.y");
    assertThat(dict.remove("b")).isSameAs(b);
    assertThat(dict.stateDict().keys()).containsExactly("a.weight", "a.bias");
    assertThat(dict.entries()).hasSize(dict.size());
    dict.clear();
    assertThat(dict.values()).isEmpty();
    assertThat(new ModuleDict(Map.of("x", new ReLU())).size()).isOne();
  }

  @Test
  void parametersInContainersAreRegistered() {
    class Net extends Module {
      final ParameterList list = new ParameterList(Tensor.ones(2), Parameter.of(Tensor.ones(3)));
      final ParameterDict dict = new ParameterDict().put("w", Tensor.ones(1, 2));

      @Override
      protected Tensor forward(Tensor x) {
        return list.get(0).mul(x).add(dict.get("w"));
      }
    }
    Net net = new Net();
    assertThat(net.namedParameters().keySet()).containsExactly("list.0", "list.1", "dict.w");
    net.call(Tensor.ones(1)).sum().backward();
    assertThat(net.list.get(0).grad()).isNotNull();
    net.list.append(Tensor.zeros(1)).set(0, Tensor.zeros(4));
    assertThat(net.list.get(0).shape()).containsExactly(4);
    assertThat(net.list).hasSize(3);
    assertThat(net.list.remove(1).shape()).containsExactly(3);
    assertThatThrownBy(() -> net.dict.get("v")).hasMessageContaining("no entry 'v'");
    assertThatThrownBy(() -> net.list.append(null))
        .hasMessage("register: ParameterList: parameter '2' must not be null");
    assertThatThrownBy(() -> net.list.append(Tensor.arange(3)))
        .hasMessageContaining("Only Tensors of floating point dtype can require gradients");
    assertThat(net)
        .hasToString(
            """
            Net(
              (list): ParameterList(
                  (0): Parameter containing: [FLOAT32 of size 4]
                  (1): Parameter containing: [FLOAT32 of size 1]
              )
              (dict): ParameterDict(  (w): Parameter containing: [FLOAT32 of size 1x2])
            )""");
  }
}
