package dev.bellows.oracle;

import dev.bellows.backend.cuda.RealCuda;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Every operation on the machine's device. */
@Tag("gpu")
@Timeout(600)
class GpuOpsTest extends OpsNearTheCpu {
  @BeforeAll
  static void find() {
    RealCuda.require();
  }
}
