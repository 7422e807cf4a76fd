package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.nn.layer.AlphaDropout;
import dev.bellows.nn.layer.Bilinear;
import dev.bellows.nn.layer.CosineSimilarity;
import dev.bellows.nn.layer.Dropout1d;
import dev.bellows.nn.layer.Dropout2d;
import dev.bellows.nn.layer.Dropout3d;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.EmbeddingBag;
import dev.bellows.nn.layer.FeatureAlphaDropout;
import dev.bellows.nn.layer.Identity;
import dev.bellows.nn.layer.PairwiseDistance;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Embeddings, forms of dropout, and small layers. */
@Timeout(60)
class EmbeddingsTest {
  private static final Tensor INDEX = Tensor.of(new long[] {0, 2, 2, 1}, 2, 2);

  @Test
  void paddingRowsStayZeroAndGetNoGradient() {
    Embedding layer = new Embedding(3, 4, EmbeddingArgs.create().paddingIdx(-1L));
    Tensor y = layer.call(INDEX);
    assertThat(y.shape()).containsExactly(2, 2, 4);
    assertThat(layer.weight.detach().get(2).abs().sum().item()).isZero();
    y.sum().backward();
    assertThat(layer.weight.grad().sum(1).toFloatArray()).containsExactly(4, 4, 0);
    assertThat(layer).hasToString("Embedding(3, 4, padding_idx=-1)");
    assertThat(layer.call(Tensor.zeros(DType.INT64, 0)).shape()).containsExactly(0, 4);
  }

  @Test
  void rowsThatAreReadAreScaledToTheNorm() {
    Tensor table = Tensor.of(new float[] {3, 4, 0.3f, 0.4f, 6, 8}, 3, 2);
    Embedding layer = Embedding.fromPretrained(table, true, EmbeddingArgs.create().maxNorm(1.0));
    assertThat(layer.weight.requiresGrad()).isFalse();
    layer.call(Tensor.of(new long[] {0, 1}));
    assertThat(layer.weight.norm(2, 1).toFloatArray())
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(1, 0.5f, 10);
  }

  @Test
  void bagsOfNothingAreZero() {
    EmbeddingBag layer = new EmbeddingBag(3, 2, EmbeddingBagArgs.create().mode(BagMode.MAX));
    Tensor y = layer.call(Tensor.of(new long[] {1, 2}), Tensor.of(new long[] {0, 0, 2}));
    assertThat(y.shape()).containsExactly(3, 2);
    assertThat(y.detach().get(0).abs().sum().item()).isZero();
    assertThat(y.detach().get(2).abs().sum().item()).isZero();
    assertThat(layer.call(INDEX).shape()).containsExactly(2, 2);
  }

  @Test
  void channelsAreDroppedWhole() {
    for (Module layer :
        new Module[] {new Dropout1d(0.5, new Generator(1)), new Dropout2d(0.5, new Generator(1))}) {
      Tensor y = layer.call(Tensor.ones(50, 4, 6));
      double[] sums = y.sum(2).toDoubleArray();
      assertThat(Arrays.stream(sums).allMatch(s -> s == 0 || s == 12)).as("%s", layer).isTrue();
      assertThat(Arrays.stream(sums).filter(s -> s == 0).count()).isBetween(70L, 130L);
    }
    Tensor volume = new Dropout3d(0.5, new Generator(1)).call(Tensor.ones(8, 2, 2, 2));
    assertThat(
            Arrays.stream(volume.sum(new int[] {1, 2, 3}, false).toDoubleArray())
                .allMatch(s -> s == 0 || s == 16))
        .isTrue();
    assertThat(new Dropout2d().eval().call(volume)).isNotNull();
    assertThat(new Dropout3d(0.25)).hasToString("Dropout3d(p=0.25, inplace=false)");
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    Tensor x = Tensor.randn(new Generator(3), DType.FLOAT64, 200, 100);
    for (Module layer :
        new Module[] {
          new AlphaDropout(0.2, new Generator(4)), new FeatureAlphaDropout(0.2, new Generator(4))
        }) {
      Tensor y = layer.call(x);
      assertThat(y.mean().item()).as("%s", layer).isBetween(-0.05, 0.05);
      assertThat(y.var().item()).as("%s", layer).isBetween(0.93, 1.07);
    }
    assertThat(new AlphaDropout(1).call(x).abs().sum().item()).isZero();
  }

  @Test
  void smallLayers() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertThat(new Identity().call(x)).isSameAs(x);
    assertThat(new CosineSimilarity().call(x, x).sub(1).abs().max().item()).isLessThan(1e-6);
    assertThat(new PairwiseDistance().call(x, x).max().item()).isLessThan(1e-5);
    Bilinear bilinear = new Bilinear(2, 3, 4);
    assertThat(bilinear.call(x, Tensor.ones(2, 3)).shape()).containsExactly(2, 4);
    assertThat(bilinear)
        .hasToString("Bilinear(in1_features=2, in2_features=3, out_features=4, bias=true)");
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> new Embedding(3, 2).call(Tensor.of(new long[] {3})))
        .hasMessageContaining("index out of range in self; got 3 for 3 rows");
    assertThatThrownBy(() -> new Embedding(3, 2).call(Tensor.ones(2)))
        .hasMessageContaining("input must be of an integer type");
    assertThatThrownBy(() -> new Embedding(3, 2, EmbeddingArgs.create().paddingIdx(3L)))
        .hasMessageContaining("Padding_idx must be within num_embeddings");
    assertThatThrownBy(() -> new EmbeddingBag(3, 2).call(Tensor.of(new long[] {0})))
        .hasMessageContaining("2D without offsets or 1D with offsets");
    assertThatThrownBy(
            () -> new EmbeddingBag(3, 2).call(Tensor.of(new long[] {0}), Tensor.of(new long[] {1})))
        .hasMessageContaining("offsets must start at 0");
    assertThatThrownBy(() -> new Dropout1d().call(Tensor.ones(2)))
        .hasMessageContaining("Expected 2D or 3D input, but received a 1D input");
    assertThatThrownBy(() -> new Dropout2d(2))
        .hasMessageContaining("dropout probability has to be between 0 and 1, but got 2");
    assertThatThrownBy(() -> Functional.pdist(Tensor.ones(2)))
        .hasMessageContaining("pdist only supports 2D tensors, got: 1D");
  }
}
