package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnomalyModeTest {
  private static Tensor zero() {
    return Tensor.of(new double[] {0}).setRequiresGrad(true);
  }

  private static Tensor infiniteSlope(Tensor x) {
    return x.sqrt(); // the slope at 0 is infinite, and times 0 NaN
  }

  @Test
  void namesTheForwardCallOfNan() {
    try (AnomalyMode anomaly = AnomalyMode.detect()) {
      Tensor y = infiniteSlope(zero().mul(1)).mul(0);
      assertThatThrownBy(y::backward)
          .isInstanceOf(AnomalyException.class)
          .hasMessageStartingWith(
              "Function 'SqrtBackward' returned nan values in its 0th output. Forward call that"
                  + " caused the error: dev.bellows.autograd.AnomalyModeTest.infiniteSlope(")
          .hasCauseInstanceOf(Throwable.class);
    }
    assertThat(AnomalyMode.isEnabled()).isFalse();
    assertThatCode(() -> infiniteSlope(zero()).mul(0).backward()).doesNotThrowAnyException();
  }

  @Test
  void namesTheForwardCallOfAFailure() {
    try (AnomalyMode anomaly = AnomalyMode.detect(false)) {
      Tensor h = zero().mul(1);
      Tensor y = h.sin();
      h.add_(1);
      assertThatThrownBy(y::backward)
          .hasMessageStartingWith("Error detected in SinBackward: one of the variables needed")
          .hasMessageContaining(
              "AnomalyModeTest.namesTheForwardCallOfAFailure(AnomalyModeTest.java:");
      assertThatCode(() -> infiniteSlope(zero()).mul(0).backward()).doesNotThrowAnyException();
    }
  }

  @Test
  void saysWhenTheForwardPassRanWithout() {
    Tensor y = infiniteSlope(zero().mul(1)).mul(0);
    try (AnomalyMode anomaly = AnomalyMode.detect()) {
      assertThatThrownBy(y::backward)
          .hasMessageContaining("run the forward pass inside AnomalyMode too");
    }
  }
}
