package dev.bellows.train;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.cuda.EmulatedCuda;
import dev.bellows.memory.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The loop on an emulated device. */
@Timeout(300)
class TrainLoopOnCudaTest extends TrainLoopOnCuda {
  private static InstalledDevice installed;

  @BeforeAll
  static void install() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    installed = InstalledDevice.install(EmulatedCuda.kernels());
    device = Device.cuda(0);
  }

  @AfterAll
  static void close() {
    device = Device.CPU;
    if (installed != null) {
      installed.close();
    }
  }
}
