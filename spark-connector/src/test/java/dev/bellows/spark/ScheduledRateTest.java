package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.optim.schedule.CosineAnnealingLR;
import dev.bellows.optim.schedule.OneCycleLR;
import dev.bellows.optim.schedule.ReduceLROnPlateau;
import dev.bellows.optim.schedule.SequentialLR;
import dev.bellows.optim.schedule.StepLR;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScheduledRateTest {
  @Test
  void ratesAreThoseOfTheSchedule() {
    LearningRate rate =
        LearningRate.of(0.1, o -> SequentialLR.warmup(4, 0.5, new CosineAnnealingLR(o, 10)));
    assertThat(rate.at(0)).isEqualTo(0.05);
    assertThat(rate.at(9)).isEqualTo(0.1 * (1 + Math.cos(Math.PI / 2)) / 2, within(1e-15));
    assertThat(rate.at(2)).isEqualTo(0.075, within(1e-15));
    assertThat(LearningRate.of(9, o -> new OneCycleLR(o, 1, 3000)).at(2999))
        .isEqualTo(1 / 25.0 / 1e4, within(1e-12));
  }

  @Test
  void aScheduleOfEpochsKeepsTheRateWithinThem() {
    LearningRate rate = LearningRate.of(1, 5, o -> new StepLR(o, 2, 0.1));
    assertThat(rate.at(9)).isEqualTo(1);
    assertThat(rate.at(10)).isEqualTo(0.1);
    assertThatThrownBy(() -> LearningRate.of(1, 0, o -> new StepLR(o, 2)))
        .hasMessage("learningRate: stepsPerEpoch must be at least 1; got 0");
  }

  @Test
  void itIsSerializedWithoutItsPlace() throws IOException, ClassNotFoundException {
    LearningRate rate = LearningRate.of(1, o -> new StepLR(o, 1, 0.5));
    rate.at(3);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rate);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((LearningRate) in.readObject()).at(2)).isEqualTo(0.25);
    }
  }

  @Test
  void aScheduleThatNeedsAMetricIsRefused() {
    LearningRate rate = LearningRate.of(1, ReduceLROnPlateau::new);
    assertThatThrownBy(() -> rate.at(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step must be given the metric");
  }
}
