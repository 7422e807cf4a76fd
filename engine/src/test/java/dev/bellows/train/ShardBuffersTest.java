package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.TensorDataset;
import dev.bellows.errors.TrainingException;
import dev.bellows.memory.DType;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.BufferRule;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.SGD;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers that change in forward belong to the logical shard, not to the rank. */
@Timeout(60)
class ShardBuffersTest {
  private static final int ROWS = 22;
  private static final int SHARDS = 4;

  /** Linear layers with batch statistics, and buffers of each rule. */
  private static final class Net extends Module {
    final Linear in = new Linear(3, 5, true, DType.FLOAT32, new Generator(1));
    final BatchNorm1d norm = new BatchNorm1d(5);
    final Dropout dropout = new Dropout(0.25);
    final Linear out = new Linear(5, 1, true, DType.FLOAT32, new Generator(2));
    final Buffer mean = Buffer.of(Tensor.zeros(DType.FLOAT64, 3), BufferRule.MEAN);
    final Buffer first = Buffer.of(Tensor.zeros(2), BufferRule.FIRST_SHARD);
    final Buffer still = Buffer.of(Tensor.full(0.1, DType.FLOAT32, 3), BufferRule.MEAN);

    @Override
    protected Tensor forward(Tensor x) {
      if (isTraining()) {
        mean.add_(x.detach().mean(0).to(DType.FLOAT64));
        first.copy_(x.detach().select(0, 0).narrow(0, 0, 2));
      }
      return out.call(dropout.call(norm.call(in.call(x)).relu()));
    }
  }

  private static TensorDataset rows() {
    Generator generator = new Generator(5);
    return TensorDataset.of(
        Map.of(
            "x", Tensor.randn(generator, DType.FLOAT32, ROWS, 3),
            "y", Tensor.randn(generator, DType.FLOAT32, ROWS, 1)));
  }

  private static TrainLoop<Net> loop(
      Net net, int batch, int shards, int rank, int ranks, SharedSum sums) {
    ReductionTree.Range range = ReductionTree.shardRange(shards, ranks, rank);
    return TrainLoop.builder(
            net,
            (model, b) -> Functional.mseLoss(model.call(b.input("x")), b.input("y")),
            new SGD(net.parameters(), 0.05),
            rows())
        .globalBatch(batch)
        .shards(shards)
        .seed(3)
        .shardRange(range.first(), range.end())
        .exchange(sums == null ? GradientExchange.LOCAL : sums.rank(rank))
        .build();
  }

  private static double[] state(Net net) {
    return net.stateDict().asMap().values().stream()
        .map(t -> t.to(DType.FLOAT64).flatten())
        .reduce((a, b) -> Tensor.cat(List.of(a, b), 0))
        .orElseThrow()
        .toDoubleArray();
  }

  private static double[] train(int rank, int ranks, SharedSum sums) {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, 11, SHARDS, rank, ranks, sums)) {
      for (long step = 0; step < 6; step++) { // three epochs of shards of 2 and 3 rows
        loop.step(step);
      }
    }
    return state(net);
  }

  @Test
  void bitsDoNotDependOnRanks() throws Exception {
    double[] alone = train(0, 1, null);
    for (int ranks : new int[] {2, 3, 4, 5}) {
      SharedSum sums = new SharedSum(ranks);
      ExecutorService threads = Executors.newFixedThreadPool(ranks);
      try {
        List<Future<double[]>> results = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
          int number = rank;
          results.add(
              threads.submit(
                  () -> {
                    try {
                      return train(number, ranks, sums);
                    } catch (RuntimeException | Error e) {
                      sums.abort(e);
                      throw e;
                    }
                  }));
        }
        for (Future<double[]> result : results) {
          assertThat(result.get()).as("%d ranks", ranks).isEqualTo(alone);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void rulesMakeOneValueOfThoseOfTheShards() {
    Net net = new Net();
    Tensor x = rows().gather(LongStream.range(0, ROWS).toArray()).input("x");
    try (TrainLoop<Net> loop = loop(net, ROWS, SHARDS, 0, 1, null)) {
      loop.step(0);
    }
    // the mean of the shards' means, weighted by rows, is that of all rows
    assertThat(net.mean.sub(x.to(DType.FLOAT64).mean(0)).abs().max().item()).isLessThan(1e-6);
    assertThat(net.norm.numBatchesTracked().itemLong()).isEqualTo(1);
    assertThat(net.norm.runningMean().abs().max().item()).isPositive();
    assertThat(net.still.toFloatArray()).containsOnly(0.1f);
    assertThat(net.first.abs().max().item()).isPositive();
  }

  /** A net whose loss fails in the third shard. */
  @Test
  void aFailedStepLeavesTheBuffersAsTheyWere() {
    Net net = new Net();
    double[] before = state(net);
    int[] calls = {0};
    TrainLoop<Net> loop =
        TrainLoop.builder(
                net,
                (model, b) -> {
                  Tensor y = model.call(b.input("x"));
                  if (calls[0]++ == 2) {
                    throw new IllegalStateException("third");
                  }
                  return Functional.mseLoss(y, b.input("y"));
                },
                new SGD(net.parameters(), 0.05),
                rows())
            .globalBatch(20)
            .shards(SHARDS)
            .build();
    try (loop) {
      assertThatThrownBy(() -> loop.step(0)).hasMessageContaining("third");
      assertThat(state(net)).isEqualTo(before);
    }
  }

  @Test
  void buffersWithoutARuleMayNotChange() {
    final class Counting extends Module {
      final Linear out = new Linear(3, 1);
      final Buffer calls = Buffer.of(Tensor.zeros(1));

      @Override
      protected Tensor forward(Tensor x) {
        calls.add_(1);
        return out.call(x);
      }
    }
    Counting net = new Counting();
    TrainLoop<Counting> loop =
        TrainLoop.builder(
                net,
                (model, b) -> Functional.mseLoss(model.call(b.input("x")), b.input("y")),
                new SGD(net.parameters(), 0.05),
                rows())
            .globalBatch(4)
            .build();
    try (loop) {
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining(
              "Buffer.of(data, BufferRule.MEAN) or FIRST_SHARD; got changed [calls]");
    }
    assertThatThrownBy(() -> Buffer.of(Tensor.zeros(DType.INT64), BufferRule.MEAN))
        .hasMessage("Buffer: a mean over shards needs a floating-point type; got INT64");
  }

  /** Scales its weight in forward, as an Embedding with maxNorm does. */
  private static final class Rescaling extends Module {
    final Linear out = new Linear(3, 1, true, DType.FLOAT32, new Generator(1));

    @Override
    protected Tensor forward(Tensor x) {
      out.weight.detach().mul_(0.5);
      return out.call(x);
    }
  }

  private static TrainLoop<Rescaling> rescaling(int shards) {
    Rescaling net = new Rescaling();
    return TrainLoop.builder(
            net,
            (model, b) -> Functional.mseLoss(model.call(b.input("x")), b.input("y")),
            new SGD(net.parameters(), 0.05),
            rows())
        .globalBatch(8)
        .shards(shards)
        .build();
  }

  @Test
  void aParameterThatForwardChangesIsRefusedIfOtherShardsWouldSeeIt() {
    try (TrainLoop<Rescaling> loop = rescaling(2)) {
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("forward must not change parameters")
          .hasMessageContaining("[out.weight]");
    }
    try (TrainLoop<Rescaling> loop = rescaling(1)) {
      assertThat(loop.step(0).shardLoss()[0]).isFinite();
    }
  }
}
