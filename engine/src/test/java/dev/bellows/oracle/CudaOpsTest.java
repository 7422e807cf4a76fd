package dev.bellows.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.cuda.EmulatedCuda;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Every operation on an emulated device. */
@Timeout(300)
class CudaOpsTest extends OpsNearTheCpu {
  private static InstalledDevice installed;

  @BeforeAll
  static void install() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    installed = InstalledDevice.install(EmulatedCuda.kernels());
  }

  @AfterAll
  static void close() {
    if (installed != null) {
      installed.close();
    }
  }
}
