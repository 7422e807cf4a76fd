package dev.bellows.train;

import dev.bellows.backend.cuda.RealCuda;
import dev.bellows.memory.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The loop on the machine's device. */
@Tag("gpu")
@Timeout(300)
class GpuTrainLoopTest extends TrainLoopOnCuda {
  @BeforeAll
  static void find() {
    RealCuda.require();
    device = Device.cuda(0);
  }

  @AfterAll
  static void close() {
    device = Device.CPU;
  }
}
