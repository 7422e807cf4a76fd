package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.backend.FakeDevice;
import dev.bellows.data.TensorDataset;
import dev.bellows.errors.TrainingException;
import dev.bellows.memory.DType;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.BufferRule;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.BatchNorms;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.InstanceNorm1d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.layer.SyncBatchNorm;
import dev.bellows.optim.SGD;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch normalisation over all shards of a step. */
@Timeout(60)
class SyncBatchNormTest {
  private static final int ROWS = 22;
  private static final int BATCH = 11;
  private static final int SHARDS = 4;
  private static final int STEPS = 6; // three epochs of two batches

  /** Synchronised statistics beside those of the shard, random numbers, and a buffer. */
  private static final class Net extends Module {
    final Linear in;
    final SyncBatchNorm sync1;
    final Dropout dropout = new Dropout(0.25);
    final Linear middle;
    final BatchNorm1d own;
    final SyncBatchNorm sync2;
    final Linear out;
    final Buffer seen = Buffer.of(Tensor.zeros(1), BufferRule.MEAN);

    Net() {
      in = new Linear(3, 5, true, DType.FLOAT32, new Generator(1));
      sync1 = new SyncBatchNorm(5);
      middle = new Linear(5, 7, true, DType.FLOAT32, new Generator(2));
      own = new BatchNorm1d(7);
      sync2 = new SyncBatchNorm(7, SyncBatchNorm.options().momentum(null));
      out = new Linear(7, 1, true, DType.FLOAT32, new Generator(3));
    }

    @Override
    protected Tensor forward(Tensor x) {
      if (isTraining()) {
        seen.add_(x.detach().mean());
      }
      Tensor y = middle.call(dropout.call(sync1.call(in.call(x)).relu()));
      return out.call(sync2.call(own.call(y)).tanh());
    }
  }

  private static TensorDataset rows(DType type) {
    Generator generator = new Generator(5);
    return TensorDataset.of(
        Map.of(
            "x", Tensor.randn(generator, type, ROWS, 3),
            "y", Tensor.randn(generator, type, ROWS, 1)));
  }

  private static <M extends Module> TrainLoop.Builder<M> loop(M net, DType type) {
    return TrainLoop.builder(
            net,
            (model, b) -> Functional.mseLoss(model.call(b.input("x")), b.input("y")),
            new SGD(net.parameters(), SGD.options().lr(0.05).momentum(0.9)),
            rows(type))
        .seed(3)
        .globalBatch(BATCH)
        .shards(SHARDS);
  }

  private static double[] state(Module net) {
    return net.stateDict().asMap().values().stream()
        .map(t -> t.to(DType.FLOAT64).flatten())
        .reduce((a, b) -> Tensor.cat(List.of(a, b), 0))
        .orElseThrow()
        .toDoubleArray();
  }

  private static <M extends Module> double[] train(TrainLoop.Builder<M> builder, M net) {
    try (TrainLoop<M> loop = builder.build()) {
      for (long step = 0; step < STEPS; step++) {
        loop.step(step);
      }
    }
    return state(net);
  }

  /** Runs ranks that are threads, each of which makes its own loop. */
  private static List<Future<double[]>> ranks(int ranks, RankBody body) throws Exception {
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
                    return body.run(
                        ReductionTree.shardRange(SHARDS, ranks, number), sums.rank(number));
                  } catch (RuntimeException | Error e) {
                    sums.abort(e);
                    throw e;
                  }
                }));
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private interface RankBody {
    double[] run(ReductionTree.Range range, GradientExchange exchange);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void bitsDoNotDependOnRanks(int ranks) throws Exception {
    Net whole = new Net();
    double[] alone = train(loop(whole, DType.FLOAT32), whole);
    assertThat(alone).doesNotContain(Double.NaN);
    List<Future<double[]>> results =
        ranks(
            ranks,
            (range, exchange) -> {
              Net net = new Net();
              return train(
                  loop(net, DType.FLOAT32)
                      .shardRange(range.first(), range.end())
                      .exchange(exchange),
                  net);
            });
    for (Future<double[]> result : results) {
      assertThat(result.get()).isEqualTo(alone);
    }
  }

  private static Sequential plain(Module norm1, Module norm2) {
    return new Sequential(
        new Linear(3, 5, true, DType.FLOAT64, new Generator(1)),
        norm1,
        new Linear(5, 4, true, DType.FLOAT64, new Generator(2)),
        norm2,
        new Linear(4, 1, true, DType.FLOAT64, new Generator(3)));
  }

  /** Single rows, too, which the statistics of a shard would refuse. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 11})
  void theResultIsThatOfOneShard(int shards) {
    var options = SyncBatchNorm.options().dtype(DType.FLOAT64);
    Module one = plain(new BatchNorm1d(5, options), new BatchNorm1d(4, options));
    double[] expected = train(loop(one, DType.FLOAT64).shards(1), one);
    Module net = plain(new SyncBatchNorm(5, options), new SyncBatchNorm(4, options));
    assertThat(train(loop(net, DType.FLOAT64).shards(shards), net))
        .usingComparatorWithPrecision(1e-10)
        .containsExactly(expected);
    Module converted =
        BatchNorms.synchronize(plain(new BatchNorm1d(5, options), new BatchNorm1d(4, options)));
    assertThat(train(loop(converted, DType.FLOAT64).shards(shards), converted))
        .isEqualTo(state(net));
  }

  @Test
  void meansFarFromZeroKeepTheirVariance() {
    Tensor x = Tensor.randn(new Generator(1), DType.FLOAT32, 16, 2).add(1000);
    TensorDataset data = TensorDataset.of(Map.of("x", x));
    SyncBatchNorm norm = new SyncBatchNorm(2, SyncBatchNorm.options().momentum(1.0));
    try (TrainLoop<SyncBatchNorm> loop =
        TrainLoop.builder(
                norm,
                (model, b) -> model.call(b.input("x")).square().mean(),
                new SGD(norm.parameters(), 0.1),
                data)
            .globalBatch(16)
            .shards(SHARDS)
            .build()) {
      loop.step(0);
    }
    Tensor var = x.to(DType.FLOAT64).var(new int[] {0}, 1, false);
    assertThat(norm.runningVar().to(DType.FLOAT64).div(var).sub(1).abs().max().item())
        .isCloseTo(0, within(1e-4));
  }

  /** Calls its two layers in an order that depends on the row. */
  private static final class Moody extends Module {
    final SyncBatchNorm a = new SyncBatchNorm(3);
    final SyncBatchNorm b = new SyncBatchNorm(3);
    final Linear out = new Linear(3, 1, true, DType.FLOAT32, new Generator(1));
    private final int calls;

    Moody(int calls) {
      this.calls = calls;
    }

    @Override
    protected Tensor forward(Tensor x) {
      boolean odd = x.select(0, 0).sum().item() > 0;
      if (calls == 1) {
        return out.call(odd ? a.call(x) : b.call(x));
      }
      return out.call(odd ? a.call(a.call(x)) : a.call(x));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shardsThatCallDifferentLayersAreAnErrorOnAllRanks(int calls) throws Exception {
    List<Future<double[]>> results =
        ranks(
            3,
            (range, exchange) -> {
              Moody net = new Moody(calls);
              return train(
                  loop(net, DType.FLOAT32)
                      .shardRange(range.first(), range.end())
                      .exchange(exchange),
                  net);
            });
    for (Future<double[]> result : results) {
      assertThatThrownBy(result::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(TrainingException.class)
          .hasMessageContaining("all shards must call the synchronised layers in the same order");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aShardThatFailsEndsTheStepOfAll(int failing) {
    Net net = new Net();
    int[] calls = {0};
    boolean[] fails = {true};
    List<String> ended = new ArrayList<>();
    TrainLoop<Net> loop =
        TrainLoop.builder(
                net,
                (model, b) -> {
                  int call = calls[0]++;
                  try {
                    Tensor y = model.call(b.input("x"));
                    if (call == failing && fails[0]) {
                      throw new IllegalStateException("shard " + call);
                    }
                    return Functional.mseLoss(y, b.input("y"));
                  } finally {
                    ended.add("" + call);
                  }
                },
                new SGD(net.parameters(), 0.05),
                rows(DType.FLOAT32))
            .seed(3)
            .globalBatch(BATCH)
            .shards(SHARDS)
            .build();
    double[] before = state(net);
    try (loop) {
      assertThatThrownBy(() -> loop.step(0)).hasMessage("shard " + failing);
      assertThat(loop.position().shard()).isEqualTo(failing);
      assertThat(ended).hasSize(SHARDS);
      assertThat(state(net)).isEqualTo(before);
      fails[0] = false;
      assertThat(loop.step(0).shardLoss()).hasSize(SHARDS).doesNotContain(Double.NaN);
    }
  }

  @Test
  void anInterruptReachesTheShardThatRuns() {
    Net net = new Net();
    Thread caller = Thread.currentThread();
    TrainLoop<Net> loop =
        TrainLoop.builder(
                net,
                (model, b) -> {
                  Tensor y = model.call(b.input("x"));
                  caller.interrupt();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                  }
                  return y.sum();
                },
                new SGD(net.parameters(), 0.05),
                rows(DType.FLOAT32))
            .globalBatch(BATCH)
            .shards(SHARDS)
            .build();
    try (loop) {
      assertThatThrownBy(() -> loop.step(0)).hasMessage("interrupted");
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theBitsOfADeviceAreThoseOfTheCpu() {
    try (FakeDevice fake = FakeDevice.install(0)) {
      Net there = new Net();
      there.to(fake.device());
      double[] onDevice = train(loop(there, DType.FLOAT32).captureGraph(true), there);
      Net here = new Net();
      assertThat(onDevice).isEqualTo(train(loop(here, DType.FLOAT32), here));
    }
  }

  @Test
  void oneValueInTheWholeBatchIsAnError() {
    SyncBatchNorm norm = new SyncBatchNorm(3);
    try (TrainLoop<SyncBatchNorm> loop =
        loop(norm, DType.FLOAT32).globalBatch(1).shards(1).build()) {
      assertThatThrownBy(() -> loop.step(0))
          .hasMessageContaining("Expected more than 1 value per channel when training");
    }
  }

  @Test
  void outsideOfALoopItIsABatchNormalisation() {
    Tensor x = Tensor.randn(new Generator(1), DType.FLOAT32, 4, 3, 5, 5);
    SyncBatchNorm sync = new SyncBatchNorm(3);
    BatchNorm2d norm = new BatchNorm2d(3);
    assertThat(sync.call(x).toFloatArray()).isEqualTo(norm.call(x).toFloatArray());
    assertThat(state(sync)).isEqualTo(state(norm));
    assertThat(sync.eval().call(x).toFloatArray()).isEqualTo(norm.eval().call(x).toFloatArray());
    assertThatThrownBy(() -> sync.call(Tensor.zeros(3)))
        .hasMessageContaining("expected at least 2D input (got 1D input)");
  }

  @Test
  void aConvertedModelPrintsAsPyTorchDoesAndKeepsItsKeys() {
    Sequential net =
        new Sequential(
            new BatchNorm2d(3), new Sequential(new BatchNorm1d(2)), new InstanceNorm1d(2));
    List<String> keys = List.copyOf(net.stateDict().asMap().keySet());
    assertThat(BatchNorms.synchronize(net)).isSameAs(net);
    assertThat(List.copyOf(net.stateDict().asMap().keySet())).isEqualTo(keys);
    assertThat(net.toString().lines().filter(line -> line.contains("SyncBatchNorm(")))
        .containsExactly(
            "  (0): SyncBatchNorm(3, eps=1.0E-5, momentum=0.1, affine=true,"
                + " track_running_stats=true)",
            "    (0): SyncBatchNorm(2, eps=1.0E-5, momentum=0.1, affine=true,"
                + " track_running_stats=true)");
    assertThat(net.deepCopy().toString()).isEqualTo(net.toString()).contains("InstanceNorm1d");
  }
}
