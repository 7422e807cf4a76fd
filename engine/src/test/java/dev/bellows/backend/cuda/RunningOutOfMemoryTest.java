package dev.bellows.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.Kernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** On an emulated device of 128 MiB. */
@Timeout(60)
class RunningOutOfMemoryTest extends RunningOutOfMemory {
  private static CudaKernels kernels;
  private static InstalledDevice installed;

  @BeforeAll
  static void install() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    kernels = EmulatedCuda.open(128 << 20, 1);
    installed = InstalledDevice.install(kernels);
  }

  @AfterAll
  static void close() {
    if (installed != null) {
      installed.close();
      ((EmulatedDriver) kernels.cuda().driver()).close();
    }
  }

  @Override
  Kernels kernels() {
    return kernels;
  }

  @Override
  long bytes() {
    return 12 << 20;
  }
}
