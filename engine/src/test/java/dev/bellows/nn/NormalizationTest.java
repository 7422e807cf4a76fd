package dev.bellows.nn;

import static dev.bellows.nn.Functional.batchNorm;
import static dev.bellows.nn.Functional.groupNorm;
import static dev.bellows.nn.Functional.layerNorm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.autograd.Autograd;
import dev.bellows.memory.DType;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.BatchNorm3d;
import dev.bellows.nn.layer.BatchNorms;
import dev.bellows.nn.layer.GroupNorm;
import dev.bellows.nn.layer.InstanceNorm1d;
import dev.bellows.nn.layer.InstanceNorm2d;
import dev.bellows.nn.layer.InstanceNorm3d;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.LocalResponseNorm;
import dev.bellows.nn.layer.NormOptions;
import dev.bellows.nn.layer.RMSNorm;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of normalisation, whose functions the oracle compares. */
@Timeout(60)
class NormalizationTest {
  /** Large, so that rows of two values are well-conditioned. */
  private static final double EPS = 0.1;

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

  /** FLOAT32 has dedicated kernels, FLOAT64 is composed. */
  @ParameterizedTest
  @MethodSource("shapes")
  void kernelsAgreeWithTheComposedForm(long[] shape) {
    long c = shape[1];
    long last = shape[shape.length - 1];
    List<Function<Tensor[], Tensor>> functions =
        List.of(
            in -> batchNorm(in[0], null, null, training().affine(in[1], in[2])),
            in -> batchNorm(in[0], null, null, training().affine(in[1], null)),
            in -> batchNorm(in[0], null, null, training().affine(null, in[2])),
            in -> batchNorm(in[0].mul(2), null, null, training()),
            in -> groupNorm(in[0], 1, in[1], in[2], EPS),
            in -> layerNorm(in[0], new long[] {last}, in[3], in[4], EPS),
            in -> layerNorm(in[0], new long[] {last}, in[3], null, EPS),
            in -> transposed(in[0].transpose(0, 1)));
    Tensor[] wide = {randn(shape), randn(c), randn(c).add(1), randn(last), randn(last)};
    for (int i = 0; i < functions.size(); i++) {
      Tensor[] expected = valuesAndGradients(functions.get(i), DType.FLOAT64, wide);
      Tensor[] actual = valuesAndGradients(functions.get(i), DType.FLOAT32, wide);
      for (int k = 0; k < expected.length; k++) {
        Tensor difference = actual[k].to(DType.FLOAT64).sub(expected[k]).abs().max();
        double scale = 1 + expected[k].abs().max().item();
        assertThat(difference.item() / scale).as("function %s, result %s", i, k).isLessThan(1e-4);
      }
    }
  }

  static List<long[]> shapes() {
    return List.of(
        new long[] {5, 3},
        new long[] {4, 17, 3},
        new long[] {3, 16, 5, 7},
        new long[] {2, 1, 9, 2},
        new long[] {1, 33, 1, 4},
        new long[] {2, 8, 2, 3, 2});
  }

  private static Tensor transposed(Tensor x) {
    return layerNorm(x, new long[] {x.size(-1)}, null, null, EPS);
  }

  private static BatchNormArgs training() {
    return BatchNormArgs.create().training(true).eps(EPS);
  }

  /** The result, the gradients of all inputs, and the gradients of a function of those. */
  private static Tensor[] valuesAndGradients(
      Function<Tensor[], Tensor> function, DType type, Tensor... wide) {
    Tensor[] in = new Tensor[wide.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = wide[i].to(type).detach().clone();
      in[i].setRequiresGrad(true);
    }
    Tensor y = function.apply(in);
    List<Tensor> all = new ArrayList<>(List.of(y.detach()));
    for (boolean again : new boolean[] {false, true}) {
      Tensor[] grads =
          Autograd.grad(
              List.of(function.apply(in).pow(3).sum()), List.of(in), null, again, again, true);
      Tensor sum = Tensor.zeros(type);
      for (Tensor grad : grads) {
        if (grad != null) {
          all.add(grad.detach());
          sum = sum.add(grad.mul(grad).sum());
        }
      }
      if (again) {
        for (Tensor second : Autograd.grad(List.of(sum), List.of(in), null, false, false, true)) {
          if (second != null) {
            all.add(second);
          }
        }
      }
    }
    return all.toArray(new Tensor[0]);
  }

  @Test
  void statisticsAreComputedAnew() {
    NormOptions options = BatchNorm1d.options().dtype(DType.FLOAT64);
    BatchNorm1d norm = new BatchNorm1d(2, options);
    InstanceNorm1d other =
        new InstanceNorm1d(
            2, InstanceNorm1d.options().dtype(DType.FLOAT64).trackRunningStats(true));
    Sequential model = new Sequential(other, norm);
    model.call(randn(3, 2, 4).add(9));
    model.eval();
    List<Tensor> batches = List.of(randn(3, 2, 4), randn(5, 2, 4).mul(3), randn(1, 2, 4).add(1));
    other.train();
    List<Tensor> normed = batches.stream().map(x -> other.call(x).detach()).toList();
    other.eval();
    Tensor otherMean = other.runningMean().detach().clone();
    BatchNorms.updateStatistics(norm, normed);
    Tensor mean = Tensor.zeros(DType.FLOAT64, 2);
    Tensor var = Tensor.zeros(DType.FLOAT64, 2);
    for (Tensor x : normed) {
      mean = mean.add(x.mean(new int[] {0, 2}, false).div(3));
      var = var.add(x.var(new int[] {0, 2}, 1, false).div(3));
    }
    assertThat(norm.runningMean().sub(mean).abs().max().item()).isLessThan(1e-12);
    assertThat(norm.runningVar().sub(var).abs().max().item()).isLessThan(1e-12);
    assertThat(norm.numBatchesTracked().itemLong()).isEqualTo(3);
    assertThat(norm.isTraining()).isFalse();
    assertThat(norm.toString()).contains("momentum=0.1");
    assertThat(other.runningMean().equal(otherMean)).isTrue();

    Tensor before = norm.runningMean().detach().clone();
    assertThatThrownBy(
            () ->
                BatchNorms.updateStatistics(
                    model,
                    List.of("no batch"),
                    text -> {
                      throw new IllegalStateException(text);
                    }))
        .hasMessage("no batch");
    assertThat(norm.toString()).contains("momentum=0.1");
    assertThat(norm.runningMean().equal(before)).isFalse(); // reset
    assertThat(other.runningMean().equal(otherMean)).as("no batch normalisation").isTrue();
    assertThat(model.isTraining()).isFalse();
    BatchNorms.updateStatistics(new Sequential(), List.of(randn(1)));
  }
}
