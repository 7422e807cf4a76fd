package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All tests of the loop with the model on a CUDA device; as usual and as a graph of kernels. */
abstract class TrainLoopOnCuda extends TrainLoopTest {
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void graphsGiveTheSameBits(int shards) {
    float[][] usual = train(TrainLoopTest::adam, 4, b -> b.shards(shards));
    assertThat(train(TrainLoopTest::adam, 4, b -> b.shards(shards).captureGraph(true)))
        .isEqualTo(usual);
  }

  @Test
  void onlyTheFirstShardsOfAShapeRunAsUsual() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(24)).captureGraph(true).build()) {
      for (long step = 0; step < 6; step++) {
        loop.step(step);
      }
      assertThat(loop.graphLaunches()).isEqualTo(6 * 4 - 1);
    }
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
