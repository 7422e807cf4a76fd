package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.FakeDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of {@link OpTable}, its form in place and its gradients, on a {@link FakeDevice}:
 * the same bits and the same errors as on the CPU. {@code -Dtest.seed=… -Doracle.op=…} as in {@link
 * OpsTest}.
 */
@Timeout(120)
class DeviceOpsTest {
  private static final long SEED = Long.getLong("test.seed", 31);
  private static final int CASES = Integer.getInteger("oracle.device.cases", 16);
  private static FakeDevice device;

  @BeforeAll
  static void install() {
    System.out.println("test.seed=" + SEED + " oracle.device.cases=" + CASES);
    device = FakeDevice.install(0);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.bellows.oracle.OpsTest#infos")
  void agreesWithTheCpu(OpInfo info) {
    List<String> failures = new ArrayList<>();
    for (int number = 0; number < CASES; number++) {
      String failure = Case.of(info, SEED, number).runOn(device.device(), number % 4 == 3);
      device.clear();
      if (failure != null) {
        failures.add(failure);
      }
    }
    assertThat(failures).as("%s of %s cases", failures.size(), CASES).isEmpty();
  }
}
