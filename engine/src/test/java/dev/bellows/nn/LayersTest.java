package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.GradCheck;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Flatten;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LayersTest {
  private static final long SEED = Long.getLong("test.seed", 11);

  private static void assertUniform(Tensor tensor, double bound) {
    double[] values = tensor.toDoubleArray();
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    double mean = Arrays.stream(values).average().orElseThrow();
    assertThat(largest).as("seed %d", SEED).isBetween(0.9 * bound, bound);
    assertThat(mean).as("seed %d", SEED).isBetween(-0.1 * bound, 0.1 * bound);
  }

  @Test
  void firstValuesArePyTorchs() {
    Generator generator = new Generator(SEED);
    Linear linear = new Linear(100, 1000, true, DType.FLOAT32, generator);
    assertUniform(linear.weight, 0.1);
    assertUniform(linear.bias, 0.1);
    Conv2d conv = new Conv2d(8, 500, 5, Conv2d.options().groups(2).generator(generator));
    assertThat(conv.weight.shape()).containsExactly(500, 4, 5, 5);
    assertUniform(conv.weight, 0.1);
    assertUniform(conv.bias, 0.1);
    Tensor again = new Linear(100, 1000, true, DType.FLOAT32, new Generator(SEED)).weight;
    assertThat(again.toFloatArray()).isEqualTo(linear.weight.toFloatArray());
  }

  @Test
  void initFunctions() {
    Generator generator = new Generator(SEED);
    Tensor weight = Tensor.empty(50, 40, 5, 5);
    assertUniform(
        Init.kaimingUniform(weight, Math.sqrt(5), Init.Fan.IN, generator), Math.sqrt(1e-3));
    assertUniform(Init.kaimingUniform(weight, 0, Init.Fan.OUT, generator), Math.sqrt(6 / 1250.0));
    assertUniform(Init.xavierUniform(weight, 2, generator), 2 * Math.sqrt(6 / 2250.0));
    double[] normal = Init.normal(weight, 3, 2, generator).toDoubleArray();
    double mean = Arrays.stream(normal).average().orElseThrow();
    assertThat(mean).isBetween(2.95, 3.05);
    assertThat(Arrays.stream(normal).map(x -> (x - mean) * (x - mean)).average().orElseThrow())
        .isBetween(3.9, 4.1);
    assertThat(Init.ones(Tensor.empty(2)).toFloatArray()).containsExactly(1, 1);
    assertThat(Init.zeros(Tensor.empty(2)).toFloatArray()).containsExactly(0, 0);
    assertThatThrownBy(() -> Init.xavierUniform(Tensor.empty(3), 1, generator))
        .hasMessage(
            "xavierUniform: Fan in and fan out can not be computed for tensor with fewer than 2"
                + " dimensions; got [3]");
    assertThatThrownBy(() -> Init.uniform(Tensor.arange(3), 0, 1, generator))
        .hasMessage("uniform: tensor must be of a floating-point type; got INT64");
    assertThatThrownBy(() -> Init.uniform(weight, 1, 0, generator))
        .hasMessageContaining("found from=1.0 > to=0.0");
    assertThatThrownBy(() -> Init.normal(weight, 0, -1, generator))
        .hasMessage("normal: expects std >= 0.0, but found std -1.0");
  }

  @Test
  void gradientsOfLayers() {
    Generator generator = new Generator(SEED);
    Linear linear = new Linear(3, 2, true, DType.FLOAT64, generator);
    Tensor x = Tensor.randn(generator, DType.FLOAT64, 4, 3).setRequiresGrad(true);
    GradCheck.gradCheck("Linear", in -> linear.call(in[0]), x, linear.weight, linear.bias);
    Conv2d conv =
        new Conv2d(
            4,
            2,
            2,
            3,
            Conv2d.options()
                .stride(2, 1)
                .padding(1)
                .dilation(1, 2)
                .groups(2)
                .dtype(DType.FLOAT64)
                .generator(generator));
    Tensor image = Tensor.randn(generator, DType.FLOAT64, 2, 4, 4, 5).setRequiresGrad(true);
    GradCheck.gradCheck("Conv2d", in -> conv.call(in[0]), image, conv.weight, conv.bias);
    GradCheck.gradCheck("MaxPool2d", in -> new MaxPool2d(2).call(in[0]), image);
  }

  @Test
  void sequentialNamesAndCalls() {
    Sequential byPosition =
        new Sequential(new Flatten(), new Linear(12, 3), new ReLU(), new Dropout(0.2));
    assertThat(byPosition.namedParameters().keySet()).containsExactly("1.weight", "1.bias");
    assertThat(byPosition.call(Tensor.ones(5, 3, 2, 2)).shape()).containsExactly(5, 3);
    assertThat(byPosition.get(3).toString()).isEqualTo("Dropout(p=0.2, inplace=false)");
    assertThatThrownBy(() -> byPosition.call(Tensor.ones(5, 3)))
        .hasMessageStartingWith("1 (Linear): linear: ");
    LinkedHashMap<String, Module> named = new LinkedHashMap<>();
    named.put("fc", new Linear(2, 2));
    named.put("act", new ReLU());
    Sequential byName = new Sequential(named);
    assertThat(byName.namedParameters().keySet()).containsExactly("fc.weight", "fc.bias");
    assertThat(byName.size()).isEqualTo(2);
  }

  @Test
  void dropoutFollowsTheMode() {
    Dropout dropout = new Dropout(0.5, new Generator(SEED));
    Tensor x = Tensor.ones(100);
    assertThat(dropout.call(x).eq(0).sum().item()).isBetween(20.0, 80.0);
    dropout.eval();
    assertThat(dropout.call(x)).isSameAs(x);
    assertThatThrownBy(() -> new Dropout(-0.1))
        .hasMessage("dropout probability has to be between 0 and 1, but got -0.1");
  }

  @Test
  void flattenShapes() {
    Tensor x = Tensor.ones(2, 3, 4, 5);
    assertThat(new Flatten().call(x).shape()).containsExactly(2, 60);
    assertThat(new Flatten(0, 1).call(x).shape()).containsExactly(6, 4, 5);
    assertThat(new Flatten(1, -2).call(x).shape()).containsExactly(2, 12, 5);
    assertThatThrownBy(() -> new Flatten(3, 1).call(x))
        .hasMessage(
            "Flatten: flatten() has invalid args: start_dim cannot come after end_dim; got 3, 1");
  }

  @Test
  void descriptions() {
    assertThat(new Conv2d(1, 32, 3))
        .hasToString("Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1))");
    assertThat(
            new Conv2d(
                2,
                4,
                3,
                5,
                Conv2d.options().stride(2).padding(1).dilation(2).groups(2).bias(false)))
        .hasToString(
            "Conv2d(2, 4, kernel_size=(3, 5), stride=(2, 2), padding=(1, 1), dilation=(2, 2),"
                + " groups=2, bias=false)");
    assertThat(new MaxPool2d(3, 2, 1))
        .hasToString("MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=false)");
    assertThat(new Flatten()).hasToString("Flatten(start_dim=1, end_dim=-1)");
  }

  @Test
  void layersRefuseBadSizes() {
    assertThatThrownBy(() -> new Conv2d(3, 4, 0, Conv2d.options().stride(0).padding(-1).groups(2)))
        .hasMessage(
            "Conv2d: kernel must be positive, got (0, 0); stride must be positive, got (0, 0);"
                + " padding must not be negative, got (-1, -1); inChannels and outChannels must be"
                + " divisible by groups, got 3, 4 and 2");
    assertThatThrownBy(() -> new Linear(-1, 2))
        .hasMessage("Linear: inFeatures and outFeatures must not be negative; got -1, 2");
    assertThatThrownBy(() -> new MaxPool2d(2, 2, 2))
        .hasMessage(
            "MaxPool2d: pad should be at most half of effective kernel size; got kernel [2, 2],"
                + " stride [2, 2], padding [2, 2], dilation [1, 1], ceil mode false");
    assertThatThrownBy(() -> new MaxPool2d(new Pool2dArgs(2, 0, 1, 1, 0, 0)))
        .hasMessageStartingWith("MaxPool2d: kernel size should be greater than zero; got");
    Sequential net = new Sequential(new Conv2d(3, 4, 3));
    assertThatThrownBy(() -> net.call(Tensor.ones(2, 1, 8, 8)))
        .hasMessageStartingWith("0 (Conv2d): conv2d: ")
        .hasMessageContaining("[2, 1, 8, 8]");
  }
}
