package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.BatchNorm3d;
import dev.bellows.nn.layer.GroupNorm;
import dev.bellows.nn.layer.InstanceNorm1d;
import dev.bellows.nn.layer.InstanceNorm2d;
import dev.bellows.nn.layer.InstanceNorm3d;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.LocalResponseNorm;
import dev.bellows.nn.layer.RMSNorm;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layers of normalisation, whose functions the oracle compares. */
@Timeout(60)
class NormalizationTest {
  private static Tensor randn(long... shape) {
    return Tensor.randn(new Generator(7), DType.FLOAT64, shape);
  }

  @Test
  void runningStatistics() {
    BatchNorm2d norm = new BatchNorm2d(2, BatchNorm2d.options().dtype(DType.FLOAT64));
    Tensor x = randn(3, 2, 4, 5).mul(2).add(1);
    Tensor y = norm.call(x);
    assertThat(y.detach().mean(new int[] {0, 2, 3}, false).abs().max().item()).isLessThan(1e-12);
    Tensor mean = x.mean(new int[] {0, 2, 3}, false);
    Tensor var = x.var(new int[] {0, 2, 3}, 1, false);
    assertThat(norm.runningMean().sub(mean.mul(0.1)).abs().max().item()).isLessThan(1e-12);
    assertThat(norm.runningVar().sub(var.mul(0.1).add(0.9)).abs().max().item()).isLessThan(1e-12);
    assertThat(norm.numBatchesTracked().itemLong()).isEqualTo(1);
    norm.eval();
    double first = norm.call(x).detach().get(0, 0, 0, 0).item();
    double expected =
        (x.get(0, 0, 0, 0).item() - norm.runningMean().get(0).item())
            / Math.sqrt(norm.runningVar().get(0).item() + 1e-5);
    assertThat(first).isCloseTo(expected, within(1e-12));
    assertThat(norm.numBatchesTracked().itemLong()).isEqualTo(1);
    norm.resetRunningStats();
    assertThat(norm.runningVar().toDoubleArray()).containsExactly(1, 1);
  }

  @Test
  void cumulativeMeans() {
    BatchNorm1d norm =
        new BatchNorm1d(2, BatchNorm1d.options().momentum(null).dtype(DType.FLOAT64));
    Tensor a = randn(4, 2);
    Tensor b = randn(6, 2).mul(3);
    norm.call(a);
    norm.call(b);
    Tensor mean = a.mean(0).add(b.mean(0)).div(2);
    assertThat(norm.runningMean().sub(mean).abs().max().item()).isLessThan(1e-12);
  }

  @Test
  void namesAndPrinting() {
    assertThat(new BatchNorm2d(3).stateDict().keys())
        .containsExactly("weight", "bias", "running_mean", "running_var", "num_batches_tracked");
    assertThat(new BatchNorm2d(3))
        .hasToString(
            "BatchNorm2d(3, eps=1.0E-5, momentum=0.1, affine=true, track_running_stats=true)");
    assertThat(new InstanceNorm1d(3).stateDict().keys()).isEmpty();
    assertThat(
            new BatchNorm3d(3, BatchNorm3d.options().affine(false).trackRunningStats(false))
                .stateDict()
                .keys())
        .isEmpty();
    assertThat(new LayerNorm(2, 3))
        .hasToString("LayerNorm([2, 3], eps=1.0E-5, elementwise_affine=true)");
    assertThat(new GroupNorm(2, 4)).hasToString("GroupNorm(2, 4, eps=1.0E-5, affine=true)");
    assertThat(new RMSNorm(4)).hasToString("RMSNorm([4], eps=null, elementwise_affine=true)");
    assertThat(new LocalResponseNorm(2))
        .hasToString("LocalResponseNorm(2, alpha=1.0E-4, beta=0.75, k=1.0)");
    assertThat(new LayerNorm(new long[] {3}, LayerNorm.options().bias(false)).stateDict().keys())
        .containsExactly("weight");
  }

  @Test
  void copiesHaveBuffersOfTheirOwn() {
    BatchNorm1d norm = new BatchNorm1d(2);
    BatchNorm1d copy = norm.deepCopy();
    copy.call(Tensor.ones(3, 2));
    assertThat(copy.numBatchesTracked().itemLong()).isEqualTo(1);
    assertThat(copy.stateDict().get("num_batches_tracked").itemLong()).isEqualTo(1);
    assertThat(copy.runningMean().rule()).isEqualTo(BufferRule.MEAN);
    assertThat(norm.numBatchesTracked().itemLong()).isZero();
  }

  @Test
  void inputsWithoutABatch() {
    Tensor x = randn(2, 3, 4);
    InstanceNorm2d norm = new InstanceNorm2d(2);
    assertThat(norm.call(x).shape()).containsExactly(2, 3, 4);
    assertThat(norm.call(x).equal(norm.call(x.unsqueeze(0)).squeeze(0))).isTrue();
    InstanceNorm1d tracking =
        new InstanceNorm1d(3, InstanceNorm1d.options().trackRunningStats(true).affine(true));
    Tensor y = Tensor.randn(new Generator(1), DType.FLOAT32, 5, 3, 8);
    tracking.call(y);
    assertThat(tracking.runningMean().abs().max().item()).isPositive();
    assertThat(tracking.numBatchesTracked().itemLong()).isZero(); // as in PyTorch
    tracking.eval();
    assertThat(tracking.call(y).shape()).containsExactly(5, 3, 8);
    assertThat(new InstanceNorm3d(1).call(randn(1, 2, 2, 2)).shape()).containsExactly(1, 2, 2, 2);
  }

  @Test
  void emptyBatches() {
    BatchNorm1d norm = new BatchNorm1d(3);
    assertThat(norm.call(Tensor.zeros(0, 3)).shape()).containsExactly(0, 3);
    assertThat(norm.runningMean().toFloatArray()).containsOnly(0);
    assertThat(new GroupNorm(1, 2).call(Tensor.zeros(0, 2, 3)).shape()).containsExactly(0, 2, 3);
    assertThat(new LayerNorm(3).call(Tensor.zeros(0, 3)).shape()).containsExactly(0, 3);
    assertThat(new LocalResponseNorm(2).call(Tensor.zeros(0, 2, 3)).shape())
        .containsExactly(0, 2, 3);
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> new BatchNorm1d(2).call(Tensor.ones(1, 2)))
        .hasMessageContaining(
            "Expected more than 1 value per channel when training, got input size [1, 2]");
    assertThatThrownBy(() -> new BatchNorm1d(2).call(Tensor.ones(2)))
        .hasMessageContaining("expected 2D or 3D input (got 1D input)");
    assertThatThrownBy(() -> new BatchNorm2d(2).call(Tensor.ones(2, 2)))
        .hasMessageContaining("expected 4D input (got 2D input)");
    assertThatThrownBy(() -> new BatchNorm1d(2).call(Tensor.ones(4, 3)))
        .hasMessageContaining("running_mean should contain 3 elements not 2");
    assertThatThrownBy(() -> new BatchNorm1d(2).call(Tensor.ones(DType.FLOAT64, 4, 2)))
        .hasMessageContaining("must be of the input's type FLOAT64; got FLOAT32");
    assertThatThrownBy(() -> new InstanceNorm1d(2).call(Tensor.ones(4, 2, 1)))
        .hasMessageContaining("Expected more than 1 spatial element when training");
    assertThatThrownBy(
            () ->
                new InstanceNorm1d(2, InstanceNorm1d.options().affine(true))
                    .call(Tensor.ones(4, 3, 2)))
        .hasMessageContaining(
            "expected input's size at dim=1 to match num_features (2), but got: 3.");
    assertThatThrownBy(() -> new LayerNorm(3).call(Tensor.ones(2, 4)))
        .hasMessageContaining(
            "Given normalized_shape=[3], expected input with shape [*, 3], but got input of size"
                + " [2, 4]");
    assertThatThrownBy(() -> new GroupNorm(3, 4)).hasMessageContaining("must be divisible");
    assertThatThrownBy(() -> Functional.groupNorm(Tensor.ones(2, 4, 3), 3))
        .hasMessageContaining("divisible by num_groups, but got input of shape [2, 4, 3]");
    assertThatThrownBy(() -> Functional.groupNorm(Tensor.ones(1, 2), 2))
        .hasMessageContaining("Expected more than 1 value per channel");
    assertThatThrownBy(() -> Functional.localResponseNorm(Tensor.ones(2, 2), 2))
        .hasMessageContaining("Expected 3D or higher dimensionality input (got 2 dimensions)");
    assertThatThrownBy(() -> new BatchNorm1d(-1)).hasMessageContaining("must not be negative");
    assertThatThrownBy(() -> Functional.layerNorm(Tensor.arange(4), new long[] {4}))
        .hasMessageContaining("input must be of a floating-point type; got INT64");
  }
}
