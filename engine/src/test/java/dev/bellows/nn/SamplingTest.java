package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.EmbeddingBag;
import dev.bellows.nn.layer.FractionalMaxPool2d;
import dev.bellows.nn.layer.FractionalMaxPool3d;
import dev.bellows.nn.layer.LPPool1d;
import dev.bellows.nn.layer.LPPool2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.loss.AdaptiveLogSoftmaxWithLoss;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sampling by grids, fractional pooling, the adaptive softmax, and small options of layers. */
@Timeout(60)
class SamplingTest {
  @Test
  void anIdentityGridGivesTheInput() {
    Tensor x = Tensor.randn(2, 3, 4, 5);
    Tensor identity =
        Tensor.of(new float[] {1, 0, 0, 0, 1, 0}, 1, 2, 3).expand(2, 2, 3).contiguous();
    for (boolean aligned : new boolean[] {true, false}) {
      Tensor grid = Functional.affineGrid(identity, new long[] {2, 3, 4, 5}, aligned);
      Tensor same = Functional.gridSample(x, grid, new GridSampleOptions().alignCorners(aligned));
      assertThat(same.sub(x).abs().max().item()).isLessThan(1e-5);
    }
  }

  @Test
  void gridsAreChecked() {
    Tensor x = Tensor.ones(1, 1, 2, 2);
    assertThatThrownBy(() -> Functional.gridSample(x, Tensor.ones(2, 2, 2, 2)))
        .hasMessageContaining("got input [1, 1, 2, 2] and grid [2, 2, 2, 2]");
    assertThatThrownBy(() -> Functional.gridSample(x, Tensor.ones(DType.FLOAT64, 1, 2, 2, 2)))
        .hasMessageContaining("same dtype, but got FLOAT32 and FLOAT64");
    assertThatThrownBy(
            () -> Functional.gridSample(Tensor.ones(1, 1, 0, 2), Tensor.ones(1, 1, 1, 2)))
        .hasMessageContaining("non-empty spatial dimensions");
    assertThatThrownBy(() -> new GridSampleOptions().mode(InterpolationMode.AREA))
        .hasMessageContaining("got: AREA");
    GridSampleOptions cubic = new GridSampleOptions().mode(InterpolationMode.BICUBIC);
    assertThatThrownBy(
            () ->
                Functional.gridSample(
                    Tensor.ones(1, 1, 2, 2, 2), Tensor.ones(1, 1, 1, 1, 3), cubic))
        .hasMessageContaining("bicubic interpolation only supports 4D input");
    assertThatThrownBy(() -> Functional.affineGrid(Tensor.ones(1, 2, 3), new long[] {1, 1, 0, 2}))
        .hasMessageContaining("Expected non-zero, positive output size. Got [1, 1, 0, 2]");
    assertThat(Functional.gridSample(x, Tensor.ones(1, 0, 2, 2)).shape())
        .containsExactly(1, 1, 0, 2);
    Tensor far = Tensor.ones(1, 1, 1, 2).mul(Double.NaN);
    assertThat(
            Functional.gridSample(x, far, new GridSampleOptions().padding(GridPadding.BORDER))
                .item())
        .isEqualTo(1);
  }

  @Test
  void fractionalPoolings() {
    Tensor x = Tensor.randn(2, 3, 8, 9);
    FractionalPoolOptions half = new FractionalPoolOptions().outputRatio(0.5);
    FractionalMaxPool2d layer = new FractionalMaxPool2d(2, half);
    assertThat(layer.call(x).shape()).containsExactly(2, 3, 4, 4);
    assertThat(layer).hasToString("FractionalMaxPool2d()");
    var result = layer.callWithIndices(x.select(0, 0));
    assertThat(result.values().shape()).containsExactly(3, 4, 4);
    assertThat(x.select(0, 0).flatten(1).gather(1, result.indices().flatten(1)).toFloatArray())
        .containsExactly(result.values().toFloatArray());
    FractionalPoolOptions size = new FractionalPoolOptions().outputSize(2, 3, 4);
    assertThat(new FractionalMaxPool3d(2, size).call(Tensor.randn(1, 5, 6, 7)).shape())
        .containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> new FractionalMaxPool2d(2, new FractionalPoolOptions()))
        .hasMessageContaining("requires specifying either an output size, or a pooling ratio");
    assertThatThrownBy(() -> new FractionalMaxPool2d(2, half.outputSize(3)))
        .hasMessageContaining("only one of output_size and output_ratio");
    assertThatThrownBy(
            () -> new FractionalMaxPool2d(2, new FractionalPoolOptions().outputSize(9)).call(x))
        .hasMessageContaining("got output [9, 9], kernel [2, 2], input [8, 9]");
    assertThatThrownBy(
            () ->
                Functional.fractionalMaxPool2d(
                    x, new int[] {2}, half.randomSamples(Tensor.ones(1))))
        .hasMessageContaining("random samples must be [2, 3, 2]; got [1]");
  }

  @Test
  void adaptiveSoftmax() {
    AdaptiveLogSoftmaxWithLoss layer = new AdaptiveLogSoftmaxWithLoss(16, 20, 5, 10);
    assertThat(layer.stateDict().keys())
        .containsExactly(
            "head.weight",
            "tail.0.0.weight",
            "tail.0.1.weight",
            "tail.1.0.weight",
            "tail.1.1.weight");
    assertThat(layer.getParameter("tail.1.1.weight").shape()).containsExactly(10, 1);
    Tensor x = Tensor.randn(20, 16);
    Tensor target = Tensor.arange(20);
    Tensor all = layer.logProb(x);
    assertThat(all.exp().sum(1).sub(1).abs().max().item()).isLessThan(1e-5);
    var out = layer.callWithLoss(x, target);
    Tensor expected = all.gather(1, target.unsqueeze(1)).squeeze(1);
    assertThat(out.output().sub(expected).abs().max().item()).isLessThan(1e-5);
    assertThat(out.loss().item()).isCloseTo(expected.mean().neg().item(), within(1e-5));
    assertThat(layer.call(x, target).item()).isEqualTo(out.loss().item());
    out.loss().backward();
    assertThat(layer.parameters()).allMatch(parameter -> parameter.grad() != null);
    assertThat(layer.predict(x).toLongArray()).containsExactly(all.argmax(1).toLongArray());
    var one = layer.callWithLoss(x.select(0, 7), Tensor.scalar(7L));
    assertThat(one.output().dim()).isZero();
    assertThat(one.output().item()).isCloseTo(expected.get(7).item(), within(1e-5));
    assertThatThrownBy(() -> layer.call(x, target.add(1)))
        .hasMessageContaining("[0, 19], but 20 was");
    assertThatThrownBy(() -> layer.call(x, Tensor.arange(3)))
        .hasMessageContaining("same size in the");
    assertThatThrownBy(() -> new AdaptiveLogSoftmaxWithLoss(4, 5, 3, 3))
        .hasMessageContaining("unique, positive integers");
  }

  @Test
  void layersPrintAsPyTorchs() {
    assertThat(new LPPool2d(2, 3))
        .hasToString("LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=false)");
    assertThat(new LPPool1d(2.5, 3, 2, true))
        .hasToString("LPPool1d(norm_type=2.5, kernel_size=3, stride=2, ceil_mode=true)");
    assertThat(new LPPool2d(2, new int[] {3, 2}, new int[] {2, 1}, false))
        .hasToString("LPPool2d(norm_type=2, kernel_size=(3, 2), stride=(2, 1), ceil_mode=false)");
    EmbeddingBagArgs args =
        EmbeddingBagArgs.create().mode(BagMode.SUM).paddingIdx(1L).scaleGradByFreq(true);
    assertThat(new EmbeddingBag(4, 3, args))
        .hasToString("EmbeddingBag(4, 3, scale_grad_by_freq=true, mode='sum', padding_idx=1)");
  }

  /** libtorch divides by the counts of other rows. */
  @Test
  void gradientsOfBagsAreDividedByReads() {
    Tensor table = Tensor.ones(3, 1).setRequiresGrad(true);
    Tensor input = Tensor.of(new long[] {0, 1, 1, 1, 0});
    Tensor starts = Tensor.of(new long[] {0, 2});
    EmbeddingBagArgs args = EmbeddingBagArgs.create().mode(BagMode.SUM).scaleGradByFreq(true);
    Functional.embeddingBag(input, table, starts, args)
        .mul(Tensor.of(new float[] {6, 12}, 2, 1))
        .sum()
        .backward();
    assertThat(table.grad().toFloatArray()).containsExactly(9, 10, 0);
    assertThatThrownBy(() -> Functional.embeddingBag(input, table, starts, args.mode(BagMode.MAX)))
        .hasMessageContaining("max mode does not support scaling the gradient by the frequency");
  }

  @Test
  void partsOfContainersShareTheirModules() {
    Linear first = new Linear(2, 2);
    ReLU second = new ReLU();
    Sequential chain = new Sequential(new Linear(2, 2), first, second);
    Sequential part = chain.subList(1, 3);
    assertThat(part).containsExactly(first, second);
    assertThat(part.namedChildren().keySet()).containsExactly("1", "2");
    ModuleList list = new ModuleList(chain).subList(1, 2);
    assertThat(list.get(0)).isSameAs(first);
    assertThat(list.namedChildren().keySet()).containsExactly("0");
    assertThatThrownBy(() -> chain.subList(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void dropoutInPlaceOverwritesInTrainingOnly() {
    Dropout layer = new Dropout(0.5, true);
    assertThat(layer).hasToString("Dropout(p=0.5, inplace=true)");
    Tensor x = Tensor.ones(100);
    assertThat(layer.call(x)).isSameAs(x);
    assertThat(x.eq(0).any().itemBoolean()).isTrue();
    Tensor y = Tensor.ones(100);
    assertThat(layer.<Dropout>eval().call(y)).isSameAs(y);
    assertThat(y.eq(1).all().itemBoolean()).isTrue();
  }
}
