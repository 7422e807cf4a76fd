package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InferenceModeTest {
  @Test
  void nothingIsRecordedAndModesNest() {
    Tensor x = Tensor.ones(2).setRequiresGrad(true);
    try (GradMode inference = GradMode.inferenceMode()) {
      assertThat(x.mul(2).requiresGrad()).isFalse();
      try (GradMode enabled = GradMode.enableGrad()) {
        assertThat(GradMode.isEnabled()).as("inference is for good").isFalse();
      }
      assertThat(GradMode.isInference()).isTrue();
    }
    assertThat(GradMode.isInference()).isFalse();
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void inferenceTensorsStayOutOfGraphs() {
    Tensor x = Tensor.ones(2).setRequiresGrad(true);
    Tensor made;
    Tensor view;
    try (GradMode inference = GradMode.inferenceMode()) {
      made = Tensor.ones(2);
      made.add_(1);
      view = x.narrow(0, 0, 1);
      x.add_(1);
    }
    assertThat(made.isInference()).isTrue();
    assertThat(made.view(2, 1).isInference()).isTrue();
    assertThat(view.isInference()).isFalse();
    assertThatThrownBy(() -> made.add_(1))
        .hasMessageStartingWith(
            "Inplace update to inference tensor outside InferenceMode is not allowed.");
    assertThatThrownBy(() -> x.mul(made))
        .hasMessageStartingWith("Inference tensors cannot be saved for backward.");
    assertThatThrownBy(() -> made.setRequiresGrad(true))
        .hasMessageStartingWith("Setting requires_grad=True on inference tensor outside");
    assertThatThrownBy(made::version)
        .hasMessageContaining("Inference tensors do not track version counter");
    Tensor copy = made.clone();
    assertThat(copy.isInference()).isFalse();
    x.mul(copy).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, 2);
    assertThat(x.add(made).requiresGrad()).as("nothing saved").isTrue();
  }
}
