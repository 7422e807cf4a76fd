package dev.bellows.amp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradScalerTest {
  private final Tensor w = Tensor.of(new float[] {1, 2}).setRequiresGrad(true);
  private final SGD optimizer = new SGD(List.of(w), 0.5);
  private final GradScaler scaler = new GradScaler(1024, 2, 0.5, 2, true);

  private void backward(double factor) {
    optimizer.zeroGrad();
    scaler.scale(w.mul(factor).sum()).backward();
  }

  @Test
  void stepsAreThoseWithoutScale() {
    backward(2);
    assertThat(w.grad().toFloatArray()).containsExactly(2048, 2048);
    assertThat(scaler.step(optimizer)).isTrue();
    assertThat(w.toFloatArray()).containsExactly(0, 1);
    scaler.update();
    assertThat(scaler.getScale()).isEqualTo(1024);
    backward(0);
    scaler.unscale_(optimizer);
    scaler.step(optimizer);
    scaler.update();
    assertThat(scaler.getScale()).as("after two steps").isEqualTo(2048);
  }

  @Test
  void infiniteGradientsSkipTheStepAndLowerTheScale() {
    backward(Double.POSITIVE_INFINITY);
    assertThat(scaler.step(optimizer)).isFalse();
    assertThat(w.toFloatArray()).containsExactly(1, 2);
    scaler.update();
    assertThat(scaler.getScale()).isEqualTo(512);
    scaler.update(64);
    assertThat(scaler.getScale()).isEqualTo(64);
  }

  @Test
  void stateIsPyTorchs() {
    Map<String, Double> state = scaler.stateDict();
    assertThat(state.keySet())
        .containsExactly(
            "scale", "growth_factor", "backoff_factor", "growth_interval", "_growth_tracker");
    GradScaler other = new GradScaler();
    other.loadStateDict(state);
    assertThat(other.stateDict()).isEqualTo(state);
    assertThatThrownBy(() -> other.loadStateDict(Map.of()))
        .hasMessageStartingWith("The source state dict is empty");
    assertThatThrownBy(() -> other.loadStateDict(Map.of("scale", 1.0)))
        .hasMessageContaining("state must have the keys [scale,");
  }

  @Test
  void wrongOrderIsRefused() {
    assertThatThrownBy(scaler::update).hasMessage("No inf checks were recorded prior to update.");
    assertThatThrownBy(() -> scaler.step(optimizer))
        .hasMessage("No inf checks were recorded for this optimizer.");
    scaler.update(1);
    backward(1);
    scaler.unscale_(optimizer);
    assertThatThrownBy(() -> scaler.unscale_(optimizer))
        .hasMessage(
            "unscale_() has already been called on this optimizer since the last update().");
    scaler.step(optimizer);
    assertThatThrownBy(() -> scaler.unscale_(optimizer))
        .hasMessage("unscale_() is being called after step().");
    assertThatThrownBy(() -> scaler.step(optimizer))
        .hasMessage("step() has already been called since the last update().");
    Tensor half = Tensor.ones(DType.FLOAT16, 2).setRequiresGrad(true);
    half.sum().backward();
    assertThatThrownBy(() -> scaler.unscale_(new SGD(List.of(half), 1)))
        .hasMessage("Attempting to unscale FP16 gradients.");
    assertThatThrownBy(() -> new GradScaler(1, 1, 0.5, 1, true))
        .hasMessageContaining("The growth factor must be > 1.0");
    assertThatThrownBy(() -> new GradScaler(1, 2, 1, 1, true))
        .hasMessageContaining("The backoff factor must be < 1.0");
  }

  @Test
  void aDisabledScalerOnlySteps() {
    GradScaler off = new GradScaler(1, 1, 1, 1, false);
    Tensor loss = w.sum();
    assertThat(off.scale(loss)).isSameAs(loss);
    loss.backward();
    off.unscale_(optimizer);
    assertThat(off.step(optimizer)).isTrue();
    off.update();
    assertThat(w.toFloatArray()).containsExactly(0.5f, 1.5f);
    assertThat(off.getScale()).isEqualTo(1);
    assertThat(off.stateDict()).isEmpty();
  }
}
