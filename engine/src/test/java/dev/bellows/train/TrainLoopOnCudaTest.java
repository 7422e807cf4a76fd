package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.cuda.EmulatedCuda;
import dev.bellows.memory.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All tests of the loop with the model on an emulated CUDA device; as usual and as a graph of
 * kernels.
 */
@Timeout(300)
class TrainLoopOnCudaTest extends TrainLoopTest {
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

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void graphsGiveTheSameBits(int shards) {
    float[][] usual = train(TrainLoopTest::adam, 4, b -> b.shards(shards));
    assertThat(train(TrainLoopTest::adam, 4, b -> b.shards(shards).captureGraph(true)))
        .isEqualTo(usual);
  }

  @Test
  void graphsGiveTheSameBitsForAnyNumberOfRanks() throws Exception {
    float[][] usual = train(TrainLoopTest::adam, 2, b -> b.shards(4));
    for (float[][] rank :
        trainRanks(2, 4, 2, TrainLoopTest::adam, b -> b.captureGraph(true).bucketBytes(150))) {
      assertThat(rank).isEqualTo(usual);
    }
  }
}
