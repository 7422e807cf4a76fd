package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.CELU;
import dev.bellows.nn.layer.ELU;
import dev.bellows.nn.layer.GELU;
import dev.bellows.nn.layer.GLU;
import dev.bellows.nn.layer.Hardshrink;
import dev.bellows.nn.layer.Hardsigmoid;
import dev.bellows.nn.layer.Hardswish;
import dev.bellows.nn.layer.Hardtanh;
import dev.bellows.nn.layer.LeakyReLU;
import dev.bellows.nn.layer.LogSigmoid;
import dev.bellows.nn.layer.LogSoftmax;
import dev.bellows.nn.layer.Mish;
import dev.bellows.nn.layer.PReLU;
import dev.bellows.nn.layer.RReLU;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.ReLU6;
import dev.bellows.nn.layer.SELU;
import dev.bellows.nn.layer.SiLU;
import dev.bellows.nn.layer.Sigmoid;
import dev.bellows.nn.layer.Softmax;
import dev.bellows.nn.layer.Softmax2d;
import dev.bellows.nn.layer.Softmin;
import dev.bellows.nn.layer.Softplus;
import dev.bellows.nn.layer.Softshrink;
import dev.bellows.nn.layer.Softsign;
import dev.bellows.nn.layer.Tanh;
import dev.bellows.nn.layer.Tanhshrink;
import dev.bellows.nn.layer.Threshold;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layers of activation functions, whose functions the oracle compares. */
@Timeout(60)
class ActivationsTest {
  private static final Tensor X =
      Tensor.of(new float[] {-7, -2, -0.5f, -0.1f, 0, 0.3f, 2.5f, 30}, 2, 4);

  private static Map<Module, UnaryOperator<Tensor>> layers() {
    Map<Module, UnaryOperator<Tensor>> layers = new LinkedHashMap<>();
    layers.put(new CELU(2), x -> Functional.celu(x, 2));
    layers.put(new ELU(2), x -> Functional.elu(x, 2));
    layers.put(new GELU(Approximate.TANH), x -> Functional.gelu(x, Approximate.TANH));
    layers.put(new GLU(0), x -> Functional.glu(x, 0));
    layers.put(new Hardshrink(), Functional::hardshrink);
    layers.put(new Hardsigmoid(), Functional::hardsigmoid);
    layers.put(new Hardswish(), Functional::hardswish);
    layers.put(new Hardtanh(), Functional::hardtanh);
    layers.put(new LeakyReLU(), Functional::leakyRelu);
    layers.put(new LogSigmoid(), Functional::logSigmoid);
    layers.put(new LogSoftmax(1), x -> Functional.logSoftmax(x, 1));
    layers.put(new Mish(), Functional::mish);
    layers.put(new PReLU(4), x -> Functional.leakyRelu(x, 0.25));
    layers.put(new RReLU().eval(), Functional::rrelu);
    layers.put(new ReLU(), Functional::relu);
    layers.put(new ReLU6(), Functional::relu6);
    layers.put(new SELU(), Functional::selu);
    layers.put(new SiLU(), Functional::silu);
    layers.put(new Sigmoid(), Functional::sigmoid);
    layers.put(new Softmax(1), x -> Functional.softmax(x, 1));
    layers.put(new Softmin(0), x -> Functional.softmax(x.neg(), 0));
    layers.put(new Softplus(), Functional::softplus);
    layers.put(new Softshrink(), Functional::softshrink);
    layers.put(new Softsign(), Functional::softsign);
    layers.put(new Tanh(), Functional::tanh);
    layers.put(new Tanhshrink(), Functional::tanhshrink);
    layers.put(new Threshold(0.1, 20), x -> Functional.threshold(x, 0.1, 20));
    return layers;
  }

  @Test
  void layersApplyTheirFunctions() {
    layers()
        .forEach(
            (layer, function) ->
                assertThat(layer.call(X).toFloatArray())
                    .as("%s", layer)
                    .isEqualTo(function.apply(X).toFloatArray()));
    Tensor image = Tensor.randn(new Generator(1), DType.FLOAT32, 2, 3, 4, 5);
    assertThat(new Softmax2d().call(image).sum(1).sub(1).abs().max().item()).isLessThan(1e-5);
  }

  @Test
  void inPlaceLayersOverwriteTheirInput() {
    for (Module layer :
        new Module[] {
          new ReLU(true),
          new ReLU6(true),
          new SiLU(true),
          new Mish(true),
          new SELU(true),
          new Hardsigmoid(true),
          new Hardswish(true),
          new ELU(1, true),
          new CELU(1, true),
          new LeakyReLU(0.01, true),
          new Hardtanh(-1, 1, true),
          new Threshold(0, 1, true),
          new RReLU(0.1, 0.3, true).eval()
        }) {
      Tensor x = X.clone();
      assertThat(layer.call(x)).as("%s", layer).isSameAs(x);
      assertThat(x.toFloatArray()).as("%s", layer).isNotEqualTo(X.toFloatArray());
    }
  }

  @Test
  void printing() {
    assertThat(new ReLU(true)).hasToString("ReLU(inplace=true)");
    assertThat(new ReLU()).hasToString("ReLU()");
    assertThat(new ELU()).hasToString("ELU(alpha=1.0)");
    assertThat(new LeakyReLU(0.2, true)).hasToString("LeakyReLU(negative_slope=0.2, inplace=true)");
    assertThat(new GELU()).hasToString("GELU(approximate='none')");
    assertThat(new Softplus()).hasToString("Softplus(beta=1.0, threshold=20.0)");
    assertThat(new Hardshrink()).hasToString("Hardshrink(0.5)");
    assertThat(new Softmax(-1)).hasToString("Softmax(dim=-1)");
    assertThat(new PReLU()).hasToString("PReLU(num_parameters=1)");
    assertThat(new PReLU(3).stateDict().keys()).containsExactly("weight");
  }

  @Test
  void randomActivations() {
    Tensor x = Tensor.full(-1, DType.FLOAT64, 1000);
    Tensor y = Functional.rrelu(x, 0.1, 0.3, true, new Generator(3));
    assertThat(y.max().item()).isLessThanOrEqualTo(-0.1);
    assertThat(y.min().item()).isGreaterThanOrEqualTo(-0.3);
    assertThat(y.mean().item()).isBetween(-0.21, -0.19);
    Tensor logits = Tensor.zeros(DType.FLOAT64, 1000, 2).setRequiresGrad(true);
    Tensor soft = Functional.gumbelSoftmax(logits, 0.5, false, -1, new Generator(3));
    assertThat(soft.detach().sum(1).sub(1).abs().max().item()).isLessThan(1e-12);
    Tensor hard = Functional.gumbelSoftmax(logits, 0.5, true, -1, new Generator(3));
    assertThat(hard.detach().select(1, 0).mean().item()).isBetween(0.45, 0.55);
    hard.select(1, 0).sum().backward();
    assertThat(logits.grad().abs().max().item()).isPositive();
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> new Hardtanh(1, 1))
        .hasMessage("Hardtanh: max_val must exceed min_val; got 1.0 and 1.0");
    assertThatThrownBy(() -> Functional.hardtanh(X, 2, 1))
        .hasMessageContaining("min_val cannot be greater than max_val");
    assertThatThrownBy(() -> Functional.softshrink(X, -1))
        .hasMessageContaining("lambda must be greater or equal to 0, but found to be -1.0");
    assertThatThrownBy(() -> Functional.celu(X, 0)).hasMessageContaining("alpha cannot be 0");
    assertThatThrownBy(() -> Functional.glu(Tensor.ones(3)))
        .hasMessageContaining("Halving dimension must be even, but dimension -1 is size 3");
    assertThatThrownBy(() -> Functional.glu(Tensor.ones()))
        .hasMessageContaining("glu does not support 0-dimensional tensors");
    assertThatThrownBy(() -> Functional.prelu(X, Tensor.ones(3)))
        .hasMessageContaining("parameter numbers = 3 and channel size = 4");
    assertThatThrownBy(() -> Functional.prelu(X, Tensor.ones(1, 4)))
        .hasMessageContaining("ndim = 2");
    assertThatThrownBy(() -> Functional.prelu(X, Tensor.ones(DType.FLOAT64, 4)))
        .hasMessageContaining("Type promoting not supported");
    assertThatThrownBy(() -> Functional.rrelu(X, 2, 1))
        .hasMessageContaining("Lower bound should be less than or equal to the upper bound");
    assertThatThrownBy(() -> new Softmax2d().call(X))
        .hasMessageContaining("expected input to be 3D or 4D; got [2, 4]");
    assertThatThrownBy(() -> Functional.gelu(Tensor.arange(3)))
        .hasMessage("gelu: operands must be of floating point; got INT64");
  }

  /** FLOAT32 has dedicated kernels, also for gradients; FLOAT64 is composed. */
  @Test
  void kernelsOfFloatsAgreeWithDoubles() {
    List<UnaryOperator<Tensor>> functions =
        List.of(
            Functional::gelu, x -> Functional.gelu(x, Approximate.TANH), x -> Functional.silu(x));
    Tensor doubles = Tensor.linspace(-12, 12, 5040).to(DType.FLOAT64);
    List<UnaryOperator<Tensor>> layouts =
        List.of(
            x -> x,
            x -> x.view(63, 80).t(),
            x -> x.view(7, 9, 10, 8).permute(0, 3, 1, 2),
            x -> x.narrow(0, 1, 5037));
    for (UnaryOperator<Tensor> layout : layouts) {
      for (UnaryOperator<Tensor> function : functions) {
        Tensor wide = layout.apply(doubles).detach().setRequiresGrad(true);
        Tensor narrow = layout.apply(doubles.to(DType.FLOAT32)).detach().setRequiresGrad(true);
        Tensor expected = function.apply(wide);
        Tensor actual = function.apply(narrow);
        assertThat(actual.to(DType.FLOAT64).sub(expected).abs().max().item()).isLessThan(2e-6);
        expected.sum().backward();
        actual.sum().backward();
        Tensor distance = narrow.grad().to(DType.FLOAT64).sub(wide.grad()).abs().max();
        assertThat(distance.item()).isLessThan(2e-6);
      }
    }
  }

  /** An element's bits may not depend on how many there are, nor on its place among them. */
  @Test
  void bitsOfActivationsDoNotDependOnThePlace() {
    List<UnaryOperator<Tensor>> functions =
        List.of(
            Functional::gelu, x -> Functional.gelu(x, Approximate.TANH), x -> Functional.silu(x));
    Tensor all = Tensor.randn(new Generator(5), DType.FLOAT32, 70).mul(3);
    for (UnaryOperator<Tensor> function : functions) {
      float[] expected = withGradient(function, all);
      for (int from = 0; from < 3; from++) {
        for (int n = 1; n <= 67; n++) {
          float[] part = withGradient(function, all.narrow(0, from, n));
          assertThat(part)
              .isEqualTo(
                  concat(
                      Arrays.copyOfRange(expected, from, from + n),
                      Arrays.copyOfRange(expected, 70 + from, 70 + from + n)));
        }
      }
    }
  }

  /** Returns the results, followed by the gradients. */
  private static float[] withGradient(UnaryOperator<Tensor> function, Tensor x) {
    Tensor leaf = x.detach().setRequiresGrad(true);
    Tensor y = function.apply(leaf);
    y.sum().backward();
    return concat(y.toFloatArray(), leaf.grad().toFloatArray());
  }

  private static float[] concat(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
