package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  /** Or a job whose limit for silence is a little more than a heartbeat would lose its workers. */
  @Test
  void noPauseGoesBeyondTheNextHeartbeat() {
    assertThat(Watchdog.pauseMs(0, Duration.ofSeconds(1))).isEqualTo(200);
    assertThat(Watchdog.pauseMs(200_000_000, Duration.ofMillis(300))).isEqualTo(100);
    assertThat(Watchdog.pauseMs(0, Duration.ofMillis(50))).isEqualTo(50);
    assertThat(Watchdog.pauseMs(400_000_000, Duration.ofMillis(300))).isEqualTo(1);
  }
}
