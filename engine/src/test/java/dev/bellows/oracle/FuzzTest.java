package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.nio.MappedByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls all public methods in random order, mostly with invalid arguments: there must always be a
 * result or one of the documented exceptions, memory around tensors must be unchanged, and nothing
 * may hang. {@code -Dfuzz.steps=2000000} makes more calls; {@code -Dtest.seed=… -Dfuzz.episode=…}
 * repeats one sequence, with {@code -Dfuzz.log=true} printing each call before it is made, which
 * helps after a crash.
 */
@Timeout(900)
class FuzzTest {
  private static final long SEED = Long.getLong("test.seed", 17);
  private static final int STEPS = Integer.getInteger("fuzz.steps", 50_000);
  private static final int ONE = Integer.getInteger("fuzz.episode", -1);
  private static final int STEPS_OF_EPISODE = 200;
  private static final int GUARDS = 32;
  private static final int PAGE = 4096;
  private static final Duration LONGEST = Duration.ofMinutes(STEPS <= 100_000 ? 3 : 14);
  private static final Duration ENOUGH = Duration.ofMinutes(10);

  private volatile FuzzEpisode running;

  @AfterEach
  void sayWhatRuns() {
    if (running != null) {
      System.out.println("fuzz: was running " + running.where());
    }
  }

  @Test
  void onlyDocumentedExceptionsComeOut() {
    System.out.println("test.seed=" + SEED + " fuzz.steps=" + STEPS);
    FuzzCalls calls = new FuzzCalls();
    Map<String, String> failures = new LinkedHashMap<>();
    assertTimeoutPreemptively(LONGEST, () -> run(calls, STEPS, Device.CPU, failures));
    System.out.println("fuzz: " + calls.summary());
    assertThat(failures.values()).as("failures, one of each kind").isEmpty();
    if (ONE < 0) {
      assertThat(calls.notCalled()).isEmpty();
    }
  }

  /** The same with most tensors on a device, and some on the CPU. */
  @Test
  void alsoOnADevice() {
    Map<String, String> failures = new LinkedHashMap<>();
    FakeDevice fake = FakeDevice.install(0);
    try {
      assertTimeoutPreemptively(
          LONGEST, () -> run(new FuzzCalls(), STEPS / 4, fake.device(), failures));
    } finally {
      fake.close();
    }
    assertThat(failures.values()).as("failures, one of each kind").isEmpty();
  }

  private void run(FuzzCalls calls, int steps, Device device, Map<String, String> failures) {
    Guards guards = new Guards(GUARDS, PAGE);
    Map<DType, MappedByteBuffer> readOnly = FuzzPool.readOnlyFiles();
    long start = System.nanoTime();
    int episodes = ONE < 0 ? steps / STEPS_OF_EPISODE : ONE + 1;
    for (int i = Math.max(0, ONE); i < episodes; i++) {
      running = new FuzzEpisode(SEED, i, calls, guards, readOnly, device, failures);
      running.run(STEPS_OF_EPISODE);
      if (System.nanoTime() - start > ENOUGH.toNanos()) {
        System.out.println("fuzz: enough after " + (i + 1) * STEPS_OF_EPISODE + " steps");
        break;
      }
    }
    running = null;
  }
}
