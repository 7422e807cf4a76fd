package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StateDictTest {
  static final class Net extends Module {
    final Linear fc1;
    final Linear fc2;
    final Buffer count = Buffer.of(Tensor.zeros(DType.INT64, 1));

    Net(long in, boolean bias, long seed) {
      Generator generator = new Generator(seed);
      fc1 = new Linear(in, 3, true, DType.FLOAT32, generator);
      fc2 = new Linear(3, 2, bias, DType.FLOAT32, generator);
    }
  }

  @Test
  void savingThenLoadingIsIdentity() {
    Net from = new Net(4, true, 1);
    Net to = new Net(4, true, 2);
    to.loadStateDict(from.stateDict());
    for (String key : from.stateDict().keys()) {
      assertThat(to.stateDict().get(key).toDoubleArray())
          .isEqualTo(from.stateDict().get(key).toDoubleArray());
    }
    Init.zeros(from.fc1.weight);
    assertThat(to.fc1.weight.toFloatArray()).isNotEqualTo(from.fc1.weight.toFloatArray());
  }

  @Test
  void tensorsShareMemoryUntilCopied() {
    Net net = new Net(4, true, 1);
    StateDict live = net.stateDict();
    StateDict copy = live.copy();
    Init.constant(net.fc2.bias, 5);
    assertThat(live.get("fc2.bias").toFloatArray()).containsExactly(5, 5);
    assertThat(copy.get("fc2.bias").toFloatArray()).isNotEqualTo(new float[] {5, 5});
    assertThat(live.get("fc2.bias").requiresGrad()).isFalse();
  }

  @Test
  void outlivesTheScopeItWasMadeIn() {
    Net net = new Net(4, true, 1);
    StateDict live;
    StateDict copy;
    TensorScope scope = TensorScope.open();
    live = net.stateDict();
    copy = live.copy();
    scope.close();
    assertThat(copy.get("fc1.bias").toFloatArray()).isEqualTo(live.get("fc1.bias").toFloatArray());
  }

  @Test
  void allProblemsComeTogetherAndNothingChanges() {
    Net net = new Net(784, true, 1);
    StateDict dict = new Net(256, true, 2).stateDict();
    dict.remove("fc2.bias");
    dict.put("fc3.weight", Tensor.ones(1));
    dict.put("count", Tensor.ones(1));
    float[] before = net.fc2.weight.toFloatArray();
    assertThatThrownBy(() -> net.loadStateDict(dict))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "loadStateDict: 4 problems: missing [fc2.bias]; unexpected [fc3.weight]; count is INT64"
                + " here, FLOAT32 in the checkpoint; fc1.weight is [3, 784] here, [3, 256] in the"
                + " checkpoint");
    assertThat(net.fc2.weight.toFloatArray()).isEqualTo(before);
  }

  @Test
  void notStrictReportsKeysButNotShapes() {
    Net net = new Net(4, true, 1);
    StateDict dict = new Net(4, false, 2).stateDict();
    dict.put("other", Tensor.ones(1));
    LoadReport report = net.loadStateDict(dict, false);
    assertThat(report.missing()).containsExactly("fc2.bias");
    assertThat(report.unexpected()).isEqualTo(List.of("other"));
    assertThat(net.fc2.weight.toFloatArray()).isEqualTo(dict.get("fc2.weight").toFloatArray());
    assertThatThrownBy(() -> net.loadStateDict(new Net(5, true, 1).stateDict(), false))
        .hasMessage(
            "loadStateDict: 1 problem: fc1.weight is [3, 4] here, [3, 5] in the checkpoint");
  }

  @Test
  void floatingPointTypesAreConverted() {
    Net net = new Net(4, true, 1);
    StateDict dict = net.stateDict().copy();
    dict.put("fc2.bias", Tensor.of(new double[] {0.1, 0.2}));
    net.loadStateDict(dict);
    assertThat(net.fc2.bias.toFloatArray()).containsExactly(0.1f, 0.2f);
  }

  @Test
  void unknownKeysAreNamed() {
    StateDict dict = new StateDict();
    dict.put("a", Tensor.ones(2, 3));
    assertThatThrownBy(() -> dict.get("b")).hasMessage("StateDict.get: no entry b; there are [a]");
    assertThat(dict)
        .hasToString("StateDict(\n  a: tensor([[1., 1., 1.],\n             [1., 1., 1.]])\n)");
  }
}
