package dev.bellows.comm.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

/** When an event thread sleeps. */
class PollingTest {
  private static final int SLEEP = SelectStrategy.SELECT;
  private static final int LOOK_AGAIN = SelectStrategy.CONTINUE;

  private long now = Long.MAX_VALUE - Polling.NANOS / 2; // Such clocks overflow.
  private int looks;
  private final Polling polling = new Polling(() -> now);

  private int next(int events, boolean tasks) throws Exception {
    return polling.calculateStrategy(
        () -> {
          looks++;
          return events;
        },
        tasks);
  }

  @Test
  void sleepsAtOnceWhileNobodyWaits() throws Exception {
    assertThat(next(7, false)).isEqualTo(SLEEP);
    assertThat(next(7, false)).isEqualTo(SLEEP);
    assertThat(looks).isZero();
    assertThat(next(7, true)).isEqualTo(7);
    assertThat(next(0, true)).isZero();
    assertThat(next(0, false)).isEqualTo(SLEEP);
  }

  @Test
  void looksAgainForAWhileAfterWhatHappensWhileACallerWaits() throws Exception {
    polling.enter();
    assertThat(next(0, true)).isZero();
    assertThat(next(0, false)).isEqualTo(LOOK_AGAIN);
    now += Polling.NANOS - 1;
    assertThat(next(3, false)).isEqualTo(3);
    now += Polling.NANOS - 1;
    assertThat(next(0, false)).isEqualTo(LOOK_AGAIN);
    now++;
    assertThat(next(0, false)).isEqualTo(SLEEP);
    assertThat(next(0, false)).as("what has woken it counts").isEqualTo(LOOK_AGAIN);
  }

  @Test
  void sleepsAfterAWhileWhenNobodyWaitsAnyMore() throws Exception {
    polling.enter();
    next(0, true);
    polling.leave();
    assertThat(next(0, true)).isZero();
    assertThat(next(5, false)).isEqualTo(5);
    now += Polling.NANOS;
    assertThat(next(0, false)).isEqualTo(SLEEP);
    assertThat(next(0, false)).isEqualTo(SLEEP);
  }
}
