package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.spark.coordinator.StepSummary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  private final List<Progress> heard = new ArrayList<>();
  private final ProgressMeter meter =
      new ProgressMeter(
          4,
          2,
          new TrainingListener() {
            @Override
            public void step(Progress progress) {
              heard.add(progress);
            }
          },
          Time.SYSTEM);

  private void step(long step, long waitNs, long leastWaitNs, long stepNs) {
    double[] loss = {1, 3};
    long[] rows = {6, 2};
    meter.step(new StepSummary(step, step / 2, loss, rows, 8, 0.5, waitNs, leastWaitNs, stepNs));
  }

  @Test
  void waitsAreSharesOfTheStepsSoFar() {
    step(0, 40, 10, 100);
    step(1, 60, 60, 300);
    assertThat(heard.get(0).allReduceShare()).isCloseTo(0.4, within(1e-12));
    assertThat(heard.get(0).stragglerShare()).isCloseTo(0.3, within(1e-12));
    assertThat(heard.get(1).allReduceShare()).isCloseTo(0.25, within(1e-12));
    assertThat(heard.get(1).stragglerShare()).isCloseTo(0.075, within(1e-12));
    assertThat(meter.waitShare()).isCloseTo(0.25, within(1e-12));
    assertThat(meter.stragglerShare()).isCloseTo(0.075, within(1e-12));
  }

  @Test
  void aRestartBeginsAnewButTheWholeIsKept() {
    step(0, 40, 10, 100);
    meter.restart();
    step(1, 0, 0, 100);
    assertThat(heard.get(1).allReduceShare()).isZero();
    assertThat(heard.get(1).stragglerShare()).isZero();
    assertThat(meter.waitShare()).isCloseTo(0.2, within(1e-12));
    assertThat(meter.stragglerShare()).isCloseTo(0.15, within(1e-12));
  }

  @Test
  void theLossWeighsShardsByTheirRows() {
    step(0, 0, 0, 100);
    step(1, 0, 0, 100);
    assertThat(heard).extracting(Progress::loss).containsExactly(1.5, 1.5);
    assertThat(heard).extracting(Progress::step).containsExactly(1L, 2L);
    assertThat(heard).extracting(Progress::epoch).containsExactly(1L, 1L);
    assertThat(heard).extracting(Progress::endOfEpoch).containsExactly(false, true);
  }
}
