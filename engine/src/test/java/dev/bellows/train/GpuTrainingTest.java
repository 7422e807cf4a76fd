package dev.bellows.train;

import dev.bellows.backend.Kernels;
import dev.bellows.backend.cuda.RealCuda;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Models of MNIST's size on the machine's device. */
@Tag("gpu")
@Timeout(600)
class GpuTrainingTest extends TrainingOnCuda {
  @BeforeAll
  static void find() {
    RealCuda.require();
  }

  @Override
  Size size() {
    return new Size(28, 128, 32, 128, 20, 100, 10_000);
  }

  @Override
  Kernels kernels() {
    return RealCuda.kernels();
  }
}
