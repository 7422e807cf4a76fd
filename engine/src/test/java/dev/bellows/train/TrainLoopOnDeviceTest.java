package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.FakeDevice;
import dev.bellows.data.TensorDataset;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Optimizer;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All tests of the loop with the model on a device, and the weights against those of the CPU. */
@Timeout(120)
class TrainLoopOnDeviceTest extends TrainLoopTest {
  private static FakeDevice fake;

  @BeforeAll
  static void install() {
    fake = FakeDevice.install(0);
    device = fake.device();
  }

  @AfterAll
  static void close() {
    device = Device.CPU;
    fake.close();
  }

  private static float[][] onCpu(
      Function<Net, Optimizer> optimizer, int epochs, TrainLoopChange change) {
    device = Device.CPU;
    try {
      return train(optimizer, epochs, change);
    } finally {
      device = fake.device();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,4", "2,4", "3,5", "4,4"})
  void weightsAreThoseOfTheCpuForAnyNumberOfRanks(int ranks, int shards) throws Exception {
    for (TrainLoopChange change :
        List.<TrainLoopChange>of(
            b -> b.bucketBytes(150),
            b -> b.bucketBytes(150).maxGradNorm(0.7),
            b -> b.gradientType(DType.BFLOAT16))) {
      float[][] cpu = onCpu(TrainLoopTest::adam, 2, b -> change.apply(b).shards(shards));
      assertThat(train(TrainLoopTest::adam, 2, b -> change.apply(b).shards(shards))).isEqualTo(cpu);
      for (float[][] rank : trainRanks(ranks, shards, 2, TrainLoopTest::adam, change)) {
        assertThat(rank).isEqualTo(cpu);
      }
    }
  }

  @Test
  void aShardedOptimizerGivesTheSameWeights() {
    assertThat(train(TrainLoopTest::adam, 2, b -> b.shardOptimizer(true)))
        .isEqualTo(onCpu(TrainLoopTest::adam, 2, b -> b));
  }

  @Test
  void oneRankBringsNoGradientToTheHost() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(12)).shards(1).build()) {
      loop.step(0);
      int before = fake.downloads();
      loop.step(1);
      assertThat(fake.downloads() - before).as("the loss").isEqualTo(1);
    }
  }

  @Test
  void optimizerStateIsWhereItsParametersAre() {
    Net net = new Net();
    Optimizer optimizer = adam(net);
    try (TrainLoop<Net> loop = loop(net, optimizer, data(ROWS)).build()) {
      loop.step(0);
      net.to(Device.CPU);
      assertThatThrownBy(() -> loop.step(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "parameters must stay where they were when the loop was made; [4] was on cuda:0 and"
                  + " is on cpu. Make a new TrainLoop.");
    }
    assertThat(optimizer.stateDict().tensors().values())
        .allMatch(state -> state.device().equals(fake.device()));
    try (TrainLoop<Net> loop = loop(net, optimizer, data(ROWS)).build()) {
      loop.step(1);
    }
    assertThat(optimizer.stateDict().tensors().values())
        .allMatch(state -> state.device().equals(Device.CPU));
    float[][] moved = net.parameters().stream().map(Tensor::toFloatArray).toArray(float[][]::new);
    Net still = new Net();
    try (TrainLoop<Net> loop = loop(still, adam(still), data(ROWS)).build()) {
      loop.step(0);
      loop.step(1);
    }
    assertThat(still.parameters().stream().map(Tensor::toFloatArray).toArray(float[][]::new))
        .isEqualTo(moved);
  }

  @Test
  void dataMayBeOnTheDeviceToo() {
    Net net = new Net();
    TensorDataset here = (TensorDataset) data(ROWS);
    Map<String, Tensor> there = new java.util.LinkedHashMap<>(here.columns());
    there.replaceAll((name, column) -> column.to(device));
    try (TrainLoop<Net> loop = loop(net, adam(net), TensorDataset.of(there)).build()) {
      for (long step = 0; step < loop.stepsPerEpoch(); step++) {
        loop.step(step);
      }
    }
    assertThat(net.parameters().stream().map(Tensor::toFloatArray).toArray(float[][]::new))
        .isEqualTo(onCpu(TrainLoopTest::adam, 1, b -> b));
  }

  @Test
  void evaluationBringsBatchesToTheModel() {
    Generator random = new Generator(3);
    Linear model = new Linear(6, 3, true, DType.FLOAT32, random);
    long here = correct(model);
    model.to(device);
    assertThat(correct(model)).isEqualTo(here);
  }

  private static long correct(Linear model) {
    Predictor<Linear> predict = (m, batch) -> m.call(batch.input("x"));
    return Evaluator.correct(model, data(ROWS), predict, "y", 0, ROWS, 7);
  }
}
