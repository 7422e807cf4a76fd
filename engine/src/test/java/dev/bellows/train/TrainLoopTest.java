package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.data.TensorDataset;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.optim.LAMB;
import dev.bellows.optim.LBFGS;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.SGD;
import dev.bellows.reduction.ReductionTree;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.PoolUse;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop alone and as several ranks in threads. */
@Timeout(120)
class TrainLoopTest {
  static final int ROWS = 53;
  private static final int BATCH = 12;
  private static final long SEED = Long.getLong("test.seed", 5);

  /** Where the model is; batches come from the CPU. */
  static Device device = Device.CPU;

  @BeforeAll
  static void printSeed() {
    System.out.println("test.seed=" + SEED);
  }

  /** Two layers with dropout between them, and a parameter that no loss depends on. */
  static final class Net extends Module {
    final Linear first;
    final Parameter unused;
    final Linear second;

    Net() {
      Generator random = new Generator(SEED);
      this.first = new Linear(6, 9, true, DType.FLOAT32, random);
      this.unused = Parameter.of(Tensor.ones(4));
      this.second = new Linear(9, 3, true, DType.FLOAT32, random);
      to(device);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return second.call(Functional.dropout(first.call(x).relu(), 0.3, isTraining()));
    }
  }

  static BatchSource data(int rows) {
    Generator random = new Generator(SEED + 1);
    long[] labels = new long[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3;
    }
    return TensorDataset.of(
        Map.of(
            "x", Tensor.randn(random, DType.FLOAT32, rows, 6),
            "y", Tensor.of(labels),
            "row", Tensor.arange(rows)));
  }

  private static Tensor loss(Net net, Batch batch) {
    return Functional.crossEntropy(net.call(batch.input("x")), batch.input("y"));
  }

  static TrainLoop.Builder<Net> loop(Net net, Optimizer optimizer, BatchSource source) {
    return TrainLoop.builder(net, TrainLoopTest::loss, optimizer, source)
        .globalBatch(BATCH)
        .shards(4)
        .seed(SEED);
  }

  static Optimizer adam(Net net) {
    return new Adam(net.parameters(), 0.01);
  }

  static Optimizer sgd(Net net) {
    return new SGD(net.parameters(), SGD.options().lr(0.1).momentum(0.9).weightDecay(0.01));
  }

  private static float[][] weights(Net net) {
    return net.parameters().stream().map(Tensor::toFloatArray).toArray(float[][]::new);
  }

  static float[][] train(Function<Net, Optimizer> optimizer, int epochs, TrainLoopChange change) {
    Net net = new Net();
    try (TrainLoop<Net> loop = change.apply(loop(net, optimizer.apply(net), data(ROWS))).build()) {
      for (long step = 0; step < epochs * loop.stepsPerEpoch(); step++) {
        loop.step(step);
      }
    }
    return weights(net);
  }

  interface TrainLoopChange {
    TrainLoop.Builder<Net> apply(TrainLoop.Builder<Net> builder);
  }

  /** Trains on ranks in threads; answers the weights of each rank. */
  static List<float[][]> trainRanks(
      int ranks, int shards, int epochs, Function<Net, Optimizer> optimizer, TrainLoopChange change)
      throws Exception {
    SharedSum sums = new SharedSum(ranks);
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<float[][]>> results = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        ReductionTree.Range range = ReductionTree.shardRange(shards, ranks, rank);
        GradientExchange exchange = sums.rank(rank);
        Callable<float[][]> body =
            () ->
                train(
                    optimizer,
                    epochs,
                    b ->
                        change
                            .apply(b)
                            .shards(shards)
                            .shardRange(range.first(), range.end())
                            .exchange(exchange));
        results.add(
            threads.submit(
                () -> {
                  try {
                    return body.call();
                  } catch (Exception | Error e) {
                    sums.abort(e);
                    throw e;
                  }
                }));
      }
      List<float[][]> weights = new ArrayList<>();
      for (Future<float[][]> result : results) {
        weights.add(result.get());
      }
      return weights;
    } finally {
      threads.shutdownNow();
    }
  }

  // ---- the same bits

  @ParameterizedTest
  @CsvSource({"2,4", "4,4", "3,4", "3,5", "5,7", "2,3", "6,4", "2,12"})
  void weightsDoNotDependOnTheNumberOfRanks(int ranks, int shards) throws Exception {
    for (Function<Net, Optimizer> optimizer :
        List.<Function<Net, Optimizer>>of(TrainLoopTest::adam, TrainLoopTest::sgd)) {
      TrainLoopChange change = b -> b.bucketBytes(150).maxGradNorm(0.7);
      float[][] alone = train(optimizer, 3, b -> change.apply(b).shards(shards));
      for (float[][] rank : trainRanks(ranks, shards, 3, optimizer, change)) {
        assertThat(rank).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 400, 1 << 20})
  void weightsDoNotDependOnTheSizeOfBuckets(long bytes) {
    assertThat(train(TrainLoopTest::adam, 2, b -> b.bucketBytes(bytes)))
        .isEqualTo(train(TrainLoopTest::adam, 2, b -> b));
  }

  @Test
  void oneSeedGivesOneResult() {
    float[][] first = train(TrainLoopTest::adam, 2, b -> b);
    assertThat(train(TrainLoopTest::adam, 2, b -> b)).isEqualTo(first);
    assertThat(train(TrainLoopTest::adam, 2, b -> b.seed(SEED + 1))).isNotEqualTo(first);
  }

  @Test
  void aStepIsTheSameAfterAResume() {
    Net net = new Net();
    Optimizer optimizer = sgd(net);
    for (long part = 0; part < 5; part++) {
      try (TrainLoop<Net> loop = loop(net, optimizer, data(ROWS)).build()) {
        loop.step(2 * part);
        loop.step(2 * part + 1);
      }
    }
    assertThat(weights(net)).isEqualTo(train(TrainLoopTest::sgd, 2, b -> b));
  }

  @Test
  void oneShardIsPlainTraining() {
    Net net = new Net();
    Optimizer optimizer = sgd(net);
    BatchSource source = data(ROWS);
    List<long[]> batches = new ArrayList<>();
    Net watched = new Net();
    try (TrainLoop<Net> loop =
        TrainLoop.builder(
                watched,
                (Net n, Batch b) -> {
                  batches.add(b.input("row").toLongArray());
                  return Functional.crossEntropy(
                      n.second.call(n.first.call(b.input("x"))), b.input("y"));
                },
                sgd(watched),
                source)
            .globalBatch(BATCH)
            .seed(SEED)
            .build()) {
      for (long step = 0; step < 7; step++) {
        loop.step(step);
      }
    }
    for (long[] rows : batches) {
      optimizer.zeroGrad();
      Batch b = source.gather(rows).to(device);
      Functional.crossEntropy(net.second.call(net.first.call(b.input("x"))), b.input("y"))
          .backward();
      net.unused.setGrad(net.unused.newZeros(4));
      optimizer.step();
    }
    assertThat(weights(watched)).isEqualTo(weights(net));
  }

  @Test
  void shardsAreWeightedByTheirRows() {
    Net one = new Net();
    Net four = new Net();
    LossFunction<Net> plain =
        (n, b) -> Functional.crossEntropy(n.second.call(n.first.call(b.input("x"))), b.input("y"));
    for (Net net : List.of(one, four)) {
      TrainLoop.Builder<Net> builder =
          TrainLoop.builder(net, plain, new SGD(net.parameters(), 0.5), data(7))
              .globalBatch(7)
              .seed(SEED)
              .shards(net == one ? 1 : 4);
      try (TrainLoop<Net> loop = builder.build()) {
        StepReport report = loop.step(0);
        assertThat(report.rows()).isEqualTo(7);
        assertThat(report.shardRows())
            .isEqualTo(net == one ? new long[] {7} : new long[] {2, 2, 2, 1});
      }
    }
    float[][] a = weights(one);
    float[][] b = weights(four);
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        assertThat(b[i][j]).isCloseTo(a[i][j], org.assertj.core.data.Offset.offset(1e-6f));
      }
    }
  }

  // ---- data

  @Test
  void everyRowComesOnceAnEpochInAnotherOrder() {
    List<long[]> seen = new ArrayList<>();
    Net net = new Net();
    LossFunction<Net> watching =
        (n, b) -> {
          seen.add(b.input("row").toLongArray());
          return loss(n, b);
        };
    List<List<Long>> orders = new ArrayList<>();
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, watching, sgd(net), data(ROWS))
            .globalBatch(BATCH)
            .shards(4)
            .seed(SEED)
            .build()) {
      assertThat(loop.stepsPerEpoch()).isEqualTo(5);
      for (int epoch = 0; epoch < 3; epoch++) {
        seen.clear();
        for (int i = 0; i < 5; i++) {
          StepReport report = loop.step(epoch * 5L + i);
          assertThat(report.epoch()).isEqualTo(epoch);
          assertThat(report.rows()).isEqualTo(i < 4 ? 12 : 5);
          assertThat(report.shardRows())
              .isEqualTo(i < 4 ? new long[] {3, 3, 3, 3} : new long[] {3, 2, 0, 0});
          assertThat(report.lossSum()).isPositive();
          assertThat(report.gradNorm()).isNaN();
        }
        orders.add(seen.stream().flatMap(r -> LongStream.of(r).boxed()).toList());
      }
    }
    Set<List<Long>> different = new HashSet<>(orders);
    assertThat(different).hasSize(3);
    for (List<Long> order : orders) {
      assertThat(order).hasSize(ROWS).doesNotHaveDuplicates();
      assertThat(order).allMatch(row -> row >= 0 && row < ROWS);
    }
  }

  @Test
  void aBatchWithFewerRowsThanShardsTrains() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(BATCH + 2)).build()) {
      loop.step(0);
      StepReport report = loop.step(1);
      assertThat(report.shardRows()).containsExactly(2, 0, 0, 0);
      assertThat(report.shardLoss()[1]).isZero();
    }
  }

  @Test
  void theModelIsInTrainingMode() {
    Net net = new Net();
    net.eval();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).build()) {
      loop.step(0);
    }
    assertThat(net.isTraining()).isTrue();
  }

  @Test
  void theDefaultGeneratorIsPutBack() {
    Generator mine = new Generator(77);
    Generator before = Generator.setCurrent(mine);
    try {
      Net net = new Net();
      try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).build()) {
        loop.step(0);
        assertThat(Generator.current()).isSameAs(mine);
      }
    } finally {
      Generator.setCurrent(before);
    }
  }

  // ---- gradients

  @Test
  void parametersWithoutGradientCountAsZero() {
    Net net = new Net();
    try (TrainLoop<Net> loop =
        loop(net, new SGD(net.parameters(), 0.1), data(ROWS)).bucketBytes(64).build()) {
      for (int step = 0; step < 5; step++) {
        loop.step(step);
      }
    }
    assertThat(net.unused.toFloatArray()).containsOnly(1);
    assertThat(net.parameters()).allMatch(p -> p.grad() == null);
  }

  @Test
  void frozenParametersStay() {
    Net net = new Net();
    net.first.setRequiresGrad(false);
    float[] before = net.first.weight.toFloatArray();
    float[] second = net.second.weight.toFloatArray();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).build()) {
      loop.step(0);
    }
    assertThat(net.first.weight.toFloatArray()).isEqualTo(before);
    assertThat(net.second.weight.toFloatArray()).isNotEqualTo(second);
  }

  @Test
  void gradientsAreClippedByTheWholeNorm() {
    double limit = 1e-3;
    Net net = new Net();
    float[][] before = weights(net);
    try (TrainLoop<Net> loop =
        loop(net, new SGD(net.parameters(), 1), data(ROWS)).maxGradNorm(limit).build()) {
      StepReport report = loop.step(0);
      assertThat(report.gradNorm()).isGreaterThan(limit);
    }
    float[][] after = weights(net);
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      for (int j = 0; j < before[i].length; j++) {
        sum += Math.pow(before[i][j] - after[i][j], 2);
      }
    }
    assertThat(Math.sqrt(sum)).isCloseTo(limit, org.assertj.core.data.Offset.offset(limit * 0.01));
  }

  @Test
  void gradientsFromBeforeTheFirstStepDoNotCount() {
    Net net = new Net();
    loss(net, data(ROWS).gather(new long[] {1, 2, 3}).to(device)).backward();
    Net fresh = new Net();
    for (Net each : List.of(net, fresh)) {
      try (TrainLoop<Net> loop = loop(each, new SGD(each.parameters(), 1), data(ROWS)).build()) {
        loop.step(0);
      }
    }
    assertThat(weights(net)).isEqualTo(weights(fresh));
  }

  @Test
  void stepsUseNoMoreMemoryThanTheFirst() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, adam(net), data(ROWS)).build()) {
      for (int step = 0; step < 3; step++) {
        loop.step(step);
      }
      long used = PoolUse.settled();
      for (int step = 3; step < 200; step++) {
        loop.step(step);
        assertThat(PoolUse.now()).as("after step %d", step).isLessThanOrEqualTo(used);
      }
    }
  }

  // ---- errors

  @Test
  void aLossThatIsNotFiniteNamesStepAndShard() {
    Net net = new Net();
    LossFunction<Net> bad =
        (n, b) ->
            Arrays.stream(b.input("row").toLongArray()).anyMatch(r -> r == 10)
                ? loss(n, b).mul(Double.NaN)
                : loss(n, b);
    float[][] before = weights(net);
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, bad, new SGD(net.parameters(), 0), data(BATCH))
            .globalBatch(BATCH)
            .shards(4)
            .seed(SEED)
            .build()) {
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageMatching(
              "train: loss must be finite; step 0, shard [0-3] of 4 gave NaN for rows [0-9, ]+\\."
                  + " Lower the learning rate, clip gradients, check the inputs for NaN, or go on"
                  + " with nonFinite\\(IGNORE\\)\\.");
      assertThatThrownBy(() -> loop.step(3)).hasMessageContaining("step 3, shard ");
    }
    assertThat(weights(net)).isEqualTo(before);
    Net other = new Net();
    try (TrainLoop<Net> loop =
        TrainLoop.builder(other, bad, new SGD(other.parameters(), 0.1), data(BATCH))
            .globalBatch(BATCH)
            .shards(4)
            .nonFinite(NonFinite.IGNORE)
            .build()) {
      assertThat(loop.step(0).lossSum()).isNaN();
    }
  }

  @Test
  void theLoopGoesOnAfterAFailedStep() {
    Net net = new Net();
    boolean[] fail = {false};
    int[] calls = {0};
    LossFunction<Net> failing =
        (n, b) -> {
          if (fail[0] && calls[0]++ == 1) {
            throw new ArithmeticException("boom");
          }
          return loss(n, b);
        };
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, failing, sgd(net), data(ROWS))
            .globalBatch(BATCH)
            .shards(4)
            .seed(SEED)
            .bucketBytes(100)
            .build()) {
      for (long step = 0; step < 10; step++) {
        if (step == 4) {
          fail[0] = true;
          assertThatThrownBy(() -> loop.step(4)).hasMessage("boom");
          fail[0] = false;
        }
        loop.step(step);
      }
    }
    assertThat(weights(net)).isEqualTo(train(TrainLoopTest::sgd, 2, b -> b));
  }

  @Test
  void aClosedLoopWhoseLastStepFailedIsOutOfTheWay() {
    Net net = new Net();
    LossFunction<Net> bad = (n, b) -> loss(n, b).mul(Double.NaN);
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, bad, sgd(net), data(ROWS)).globalBatch(BATCH).build()) {
      assertThatThrownBy(() -> loop.step(0)).isInstanceOf(NonFiniteLossException.class);
    }
    Net fresh = new Net();
    for (Net each : List.of(net, fresh)) {
      try (TrainLoop<Net> loop = loop(each, sgd(each), data(ROWS)).build()) {
        loop.step(0);
      }
    }
    assertThat(weights(net)).isEqualTo(weights(fresh));
  }

  @Test
  void aLossThatRunsBackwardItselfIsRefused() {
    Net net = new Net();
    LossFunction<Net> twice =
        (n, b) -> {
          loss(n, b).backward();
          return loss(n, b);
        };
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, twice, sgd(net), data(ROWS)).globalBatch(BATCH).build()) {
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a parameter must get its gradient once in a shard")
          .hasMessageContaining("A loss function must not call backward() itself");
    }
  }

  @Test
  void whatIsTrainedMustNotChangeUnderTheLoop() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).build()) {
      net.parameters().get(0).setRequiresGrad(false);
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("what is trained must not change after the loop was made");
    }
  }

  @Test
  void theOptimizerMustNotTrainWhatTheModelDoesNotHave() {
    Net net = new Net();
    List<Tensor> more = new java.util.ArrayList<>(net.parameters());
    more.add(Parameter.of(Tensor.ones(1)));
    assertThatThrownBy(() -> loop(net, new SGD(more, 0.1), data(ROWS)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("optimizer: must have parameters of the model only");
  }

  @Test
  void anOptimizerThatNeedsAClosureIsRefused() {
    Net net = new Net();
    assertThatThrownBy(() -> loop(net, new LBFGS(net.parameters(), 0.1), data(ROWS)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "trainLoop: optimizer: must step once for each gradient; LBFGS computes the loss"
                + " several times in a step, so use it alone, with step(closure)");
    assertThatThrownBy(
            () ->
                loop(net, new LAMB(net.parameters(), 0.1), data(ROWS)).shardOptimizer(true).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("trainLoop: optimizer: LAMB: an optimizer can be sharded if");
  }

  @Test
  void afterAnExceptionTheLoopKnowsWhoseCodeThrewAndForWhichRows() {
    Net net = new Net();
    LossFunction<Net> bad =
        (n, b) -> {
          throw new ArithmeticException("boom");
        };
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).build()) {
      loop.step(2);
      assertThat(loop.position().code()).isEqualTo(StepPosition.Code.LOOP);
      assertThat(loop.position().describe()).isEqualTo("step 2");
    }
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, bad, sgd(net), data(ROWS)).globalBatch(BATCH).shards(4).build()) {
      assertThatThrownBy(() -> loop.step(1)).hasMessage("boom");
      assertThat(loop.position().code()).isEqualTo(StepPosition.Code.LOSS);
      assertThat(loop.position().describe()).isEqualTo("step 1, shard 0 of 4");
      assertThat(loop.position().rows()).hasSize(BATCH / 4);
    }
    LossFunction<Net> none = (n, b) -> null;
    try (TrainLoop<Net> loop = TrainLoop.builder(net, none, sgd(net), data(ROWS)).build()) {
      assertThatThrownBy(() -> loop.step(0)).hasMessage("the loss must be a tensor; got null");
    }
    LossFunction<Net> constant = (n, b) -> Tensor.ones(1).sum();
    try (TrainLoop<Net> loop = TrainLoop.builder(net, constant, sgd(net), data(ROWS)).build()) {
      assertThatThrownBy(() -> loop.step(0)).hasMessageContaining("does not require grad");
      assertThat(loop.position().code()).isEqualTo(StepPosition.Code.BACKWARD);
    }
  }

  @Test
  void rowsAreDescribedShortly() {
    assertThat(StepPosition.describeRows()).isEqualTo("no rows");
    assertThat(StepPosition.describeRows(5)).isEqualTo("row 5");
    assertThat(StepPosition.describeRows(5, 6)).isEqualTo("rows 5, 6");
    assertThat(StepPosition.describeRows(5, 6, 7)).isEqualTo("rows 5 to 7");
    assertThat(StepPosition.describeRows(5, 7, 6)).isEqualTo("rows 5, 7, 6");
    assertThat(StepPosition.describeRows(9, 8, 7, 6, 5, 4, 3, 2))
        .isEqualTo("rows 9, 8, 7, 6, 5, 4, 3, 2");
    assertThat(StepPosition.describeRows(9, 8, 7, 6, 5, 4, 3, 2, 1))
        .isEqualTo("rows 9, 8, 7, 6, 5, 4, 3, 2 and 1 other");
    assertThat(StepPosition.describeRows(9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
        .isEqualTo("rows 9, 8, 7, 6, 5, 4, 3, 2 and 2 others");
  }

  @Test
  void afterAFailedStepGradientsAreTheCallersOwn() {
    Net net = new Net();
    LossFunction<Net> bad = (n, b) -> loss(n, b).mul(Double.NaN);
    try (TrainLoop<Net> loop =
        TrainLoop.builder(net, bad, sgd(net), data(ROWS)).globalBatch(BATCH).build()) {
      assertThatThrownBy(() -> loop.step(0)).isInstanceOf(NonFiniteLossException.class);
      loss(net, data(ROWS).gather(new long[] {1, 2, 3}).to(device)).backward();
      assertThat(net.first.weight.grad()).isNotNull();
    }
  }

  @Test
  void settingsOutOfRangeAreAllNamed() {
    Net net = new Net();
    assertThatThrownBy(
            () ->
                TrainLoop.builder(net, TrainLoopTest::loss, sgd(net), data(ROWS))
                    .globalBatch(0)
                    .shards(3)
                    .shardRange(2, 5)
                    .bucketBytes(0)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "trainLoop: globalBatch: must be at least 1; got 0; globalBatch: must be at least"
                + " shards, so that each has a row; got globalBatch 0, shards 3; bucketBytes: must"
                + " be at least 1; got 0; shardRange must lie in the shards; got [2, 5) of 3");
  }

  @Test
  void aLocalExchangeNeedsAllShards() {
    Net net = new Net();
    try (TrainLoop<Net> loop = loop(net, sgd(net), data(ROWS)).shardRange(1, 3).build()) {
      assertThatThrownBy(() -> loop.step(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a run of one rank must hold all 4 shards");
    }
  }

  @Test
  void aRankThatFailsDoesNotLeaveTheOthersWaiting() {
    assertThatThrownBy(
            () ->
                trainRanks(
                    2,
                    4,
                    1,
                    net -> {
                      throw new ArithmeticException("boom");
                    },
                    b -> b))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("boom");
  }
}
