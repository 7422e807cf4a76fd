package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Dropout2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OwnGeneratorsTest {
  /** A user's layer of noise. */
  static final class Noise extends Module {
    private final Generator source;

    Noise(Generator source) {
      this.source = source;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return x.add(
          Tensor.randn(source == null ? Generator.current() : source, x.dtype(), x.shape()));
    }
  }

  @Test
  void layersWithTheirOwnNumbersAreNamed() {
    var own = new Generator(1);
    var model =
        new Sequential(
            new Linear(2, 2),
            new Dropout(0.5, own),
            new Sequential(new Dropout2d(0.5, own)),
            new Noise(own));
    assertThat(OwnGenerators.problems(model))
        .satisfiesExactly(
            p -> assertThat(p).endsWith("got one in generator of Dropout 1"),
            p -> assertThat(p).endsWith("got one in generator of Dropout2d 2.0"),
            p -> assertThat(p).endsWith("got one in source of Noise 3"));
  }

  @Test
  void layersThatDrawFromTheShardsNumbersAreNot() {
    var model = new Sequential(new Dropout(0.5), new Dropout2d(0.5), new Noise(null));
    assertThat(OwnGenerators.problems(model)).isEmpty();
  }
}
