package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of {@link OpTable}, its form in place, its gradients and theirs, on a CUDA
 * device: as on the CPU but for rounding. {@code -Dtest.seed=… -Doracle.op=…} as in {@link
 * OpsTest}, {@code -Doracle.cuda.cases} for more than 8 random calls of each, and 4 at NaN,
 * infinities and zeros.
 */
abstract class OpsNearTheCpu {
  private static final long SEED = Long.getLong("test.seed", 37);
  private static final int CASES = Integer.getInteger("oracle.cuda.cases", 8);

  @BeforeAll
  static void printSeed() {
    System.out.println("test.seed=" + SEED + " oracle.cuda.cases=" + CASES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.bellows.oracle.OpsTest#infos")
  void agreesWithTheCpu(OpInfo info) {
    List<String> failures = new ArrayList<>();
    for (int number = 0; number < CASES; number++) {
      add(failures, Case.of(info, SEED, number).runNear(Device.cuda(0), number % 4 == 3));
    }
    if (info.borders() >= 0) {
      for (int number = 0; number < CASES / 2; number++) {
        DType dtype = info.types().list().get(number % info.types().list().size());
        add(failures, Case.atBorders(info, dtype, SEED, number).runNear(Device.cuda(0), false));
      }
    }
    assertThat(failures).as("%s failures", failures.size()).isEmpty();
  }

  private static void add(List<String> failures, String failure) {
    if (failure != null) {
      failures.add(failure);
    }
  }
}
