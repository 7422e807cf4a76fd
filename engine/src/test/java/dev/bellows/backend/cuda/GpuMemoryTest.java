package dev.bellows.backend.cuda;

import dev.bellows.backend.Kernels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** On the machine's device. */
@Tag("gpu")
@Timeout(300)
class GpuMemoryTest extends RunningOutOfMemory {
  @BeforeAll
  static void find() {
    RealCuda.require();
  }

  @Override
  Kernels kernels() {
    return RealCuda.kernels();
  }

  @Override
  long bytes() {
    return Math.max(12L << 20, DeviceUse.of(kernels()).totalBytes() / 64);
  }
}
