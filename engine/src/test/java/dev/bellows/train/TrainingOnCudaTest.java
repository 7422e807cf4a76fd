package dev.bellows.train;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.cuda.EmulatedCuda;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Small models on an emulated device. */
@Timeout(120)
class TrainingOnCudaTest extends TrainingOnCuda {
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

  @Override
  Size size() {
    return new Size(8, 16, 4, 16, 12, 100, 200);
  }

  @Override
  Kernels kernels() {
    return EmulatedCuda.kernels();
  }
}
