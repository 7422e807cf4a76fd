package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.Init.Fan;
import dev.bellows.nn.Init.Nonlinearity;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What initial values are; their distributions where they are random. */
@Timeout(60)
class InitTest {
  private static final long SEED = Long.getLong("test.seed", 13);

  private static double std(Tensor tensor) {
    return tensor.to(DType.FLOAT64).std().item();
  }

  private static double largest(Tensor tensor) {
    return Arrays.stream(tensor.toDoubleArray()).map(Math::abs).max().orElseThrow();
  }

  @Test
  void fixedValues() {
    assertThat(Init.eye(Tensor.ones(2, 3)).toFloatArray()).containsExactly(1, 0, 0, 0, 1, 0);
    Tensor filters = Init.dirac(Tensor.ones(4, 2, 3, 3), 2);
    Tensor x = Tensor.randn(1, 4, 5, 5);
    Tensor same = Functional.conv2d(x, filters, null, new ConvOptions().padding(1).groups(2));
    assertThat(same.equal(x)).isTrue();
    assertThat(Init.dirac(Tensor.ones(3, 2, 3)).sum().item()).isEqualTo(2);
    Parameter parameter = Parameter.of(Tensor.empty(2));
    assertThat(Init.constant(parameter, 0.5)).isSameAs(parameter);
    assertThat(parameter.gradFn()).isNull();
  }

  @Test
  void gains() {
    assertThat(Init.calculateGain(Nonlinearity.LINEAR)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.SIGMOID)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.TANH)).isEqualTo(5.0 / 3);
    assertThat(Init.calculateGain(Nonlinearity.RELU)).isEqualTo(Math.sqrt(2));
    assertThat(Init.calculateGain(Nonlinearity.LEAKY_RELU)).isCloseTo(1.41414, within(1e-5));
    assertThat(Init.calculateGain(Nonlinearity.LEAKY_RELU, 1)).isEqualTo(1);
    assertThat(Init.calculateGain(Nonlinearity.SELU)).isEqualTo(0.75);
  }

  @Test
  void fansAndGains() {
    Generator generator = new Generator(SEED);
    Tensor weight = Tensor.empty(50, 40, 5, 5);
    assertThat(std(Init.xavierNormal(weight, 2, generator)))
        .isCloseTo(2 * Math.sqrt(2 / 2250.0), within(1e-3));
    assertThat(std(Init.kaimingNormal(weight, 0, Fan.OUT, Nonlinearity.RELU, generator)))
        .isCloseTo(Math.sqrt(2 / 1250.0), within(1e-3));
    assertThat(largest(Init.kaimingUniform(weight, 0, Fan.IN, Nonlinearity.TANH, generator)))
        .isCloseTo(5 / 3.0 * Math.sqrt(3 / 1000.0), within(1e-3));
    Tensor.manualSeed(SEED);
    double[] first = Init.kaimingUniform(weight).toDoubleArray();
    assertThat(largest(weight)).isCloseTo(Math.sqrt(6 / 1000.0), within(1e-3));
    Tensor again = Tensor.empty(50, 40, 5, 5);
    Init.kaimingUniform(again, 0, Fan.IN, new Generator(SEED));
    assertThat(again.toDoubleArray()).isEqualTo(first);
    assertThat(std(Init.normal(weight))).isCloseTo(1, within(0.02));
    assertThat(largest(Init.uniform(weight))).isBetween(0.99, 1.0);
    assertThat(Init.kaimingUniform(Tensor.empty(0, 0)).numel()).isZero();
  }

  @Test
  void truncatedNormalValuesAreWithinTheirInterval() {
    Tensor x = Init.truncNormal(Tensor.empty(20_000), 1, 2, 0, 2, new Generator(SEED));
    assertThat(x.min().item()).isGreaterThanOrEqualTo(0);
    assertThat(x.max().item()).isLessThanOrEqualTo(2);
    assertThat(x.mean().item()).isCloseTo(1, within(0.02));
    // the standard deviation of a normal distribution cut at half its standard deviation
    assertThat(std(x)).isCloseTo(2 * 0.2832, within(0.01));
    assertThat(largest(Init.truncNormal(Tensor.empty(1000)))).isLessThanOrEqualTo(2);
    assertThat(Init.truncNormal(Tensor.empty(1), 5, 0, -1, 1).item()).isEqualTo(1);
  }

  @Test
  void orthogonalRowsOrColumns() {
    for (long[] shape : new long[][] {{3, 5}, {5, 3}, {4, 2, 2}, {6, 2, 2}}) {
      Tensor x = Init.orthogonal(Tensor.empty(DType.FLOAT64, shape), 2, new Generator(SEED));
      Tensor rows = x.flatten(1);
      Tensor product = rows.size(0) <= rows.size(1) ? rows.matmul(rows.t()) : rows.t().matmul(rows);
      Tensor eye = Tensor.eye(product.size(0), product.size(0), DType.FLOAT64).mul(4);
      assertThat(product.allclose(eye, 1e-9, 1e-9)).as(Arrays.toString(shape)).isTrue();
    }
  }

  @Test
  void sparseColumnsHaveTheirZeros() {
    Tensor x = Init.sparse(Tensor.empty(10, 4), 0.25, 1, new Generator(SEED));
    assertThat(x.eq(0).sum(0).toLongArray()).containsExactly(3, 3, 3, 3);
  }

  @Test
  void whatIsNotAllowedIsNamed() {
    assertThatThrownBy(() -> Init.eye(Tensor.empty(2)))
        .hasMessage("eye: Only tensors with 2 dimensions are supported; got [2]");
    assertThatThrownBy(() -> Init.dirac(Tensor.empty(2, 2)))
        .hasMessage("dirac: Only tensors with 3, 4, or 5 dimensions are supported; got [2, 2]");
    assertThatThrownBy(() -> Init.dirac(Tensor.empty(3, 2, 1), 2))
        .hasMessage("dirac: dim 0 must be divisible by groups; got [3, 2, 1] and 2 groups");
    assertThatThrownBy(() -> Init.orthogonal(Tensor.empty(2)))
        .hasMessage("orthogonal: Only tensors with 2 or more dimensions are supported; got [2]");
    assertThatThrownBy(() -> Init.sparse(Tensor.empty(2, 2), 1.5, 1))
        .hasMessage("sparse: sparsity must be in [0, 1]; got 1.5");
    assertThatThrownBy(() -> Init.truncNormal(Tensor.empty(2), 0, 1, 1, -1))
        .hasMessageContaining("truncNormal: expects std >= 0 and low <= high; got std 1.0");
  }
}
