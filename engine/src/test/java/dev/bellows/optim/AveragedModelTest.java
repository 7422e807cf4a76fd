package dev.bellows.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.autograd.GradMode;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AveragedModelTest {
  private static final class Scale extends Module {
    private final Parameter weight;
    private final Buffer mean = Buffer.of(Tensor.zeros(1));

    Scale(int size) {
      weight = Parameter.of(Tensor.ones(size));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return x.mul(weight).add(mean);
    }
  }

  @SuppressWarnings("try")
  private static void set(Scale model, double value) {
    try (GradMode mode = GradMode.noGrad()) {
      model.weight.fill_(value);
      model.mean.fill_(value);
    }
  }

  @Test
  void swaIsTheMeanOfTheWeights() {
    Scale model = new Scale(2);
    AveragedModel<Scale> averaged = AveragedModel.swa(model);
    for (double value : new double[] {1, 2, 6}) {
      set(model, value);
      averaged.updateParameters(model);
    }
    assertThat(averaged.count()).isEqualTo(3);
    assertThat(averaged.module().weight.toDoubleArray()).containsOnly(3);
    assertThat(averaged.module().mean.item()).as("copied").isEqualTo(6);
    assertThat(averaged.call(Tensor.ones(2)).toDoubleArray()).containsOnly(9);
    assertThat(model.weight.toDoubleArray()).containsOnly(6);
    assertThat(averaged.stateDict().keys())
        .containsExactly("n_averaged", "module.weight", "module.mean");
  }

  @Test
  void emaFallsByItsDecay() {
    Scale model = new Scale(1);
    AveragedModel<Scale> averaged = AveragedModel.ema(model, 0.9).useBuffers(true);
    for (double value : new double[] {1, 2, 6}) {
      set(model, value);
      averaged.updateParameters(model);
    }
    double expected = (1 * 0.9 + 2 * 0.1) * 0.9 + 6 * 0.1;
    assertThat(averaged.module().weight.item()).isEqualTo(expected, within(1e-6));
    assertThat(averaged.module().mean.item()).isEqualTo(expected, within(1e-6));
    AveragedModel<Scale> loaded = AveragedModel.ema(new Scale(1), 0.9);
    loaded.loadStateDict(averaged.stateDict());
    assertThat(loaded.count()).isEqualTo(3);
  }

  @Test
  void refusals() {
    Scale model = new Scale(1);
    assertThatThrownBy(() -> AveragedModel.ema(model, 1.5))
        .hasMessage("Invalid decay value 1.5 provided. Please provide a value in [0,1] range.");
    assertThatThrownBy(() -> AveragedModel.swa(model).updateParameters(new Scale(2)))
        .hasMessage("updateParameters: weight must have the shape [1]; has [2]");
  }
}
