package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.group.Certificates;
import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.optim.Adam;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.EvaluationMetric;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.JobSettings;
import dev.bellows.spark.MetricRules;
import dev.bellows.spark.Time;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.Tiny;
import dev.bellows.spark.WeightAverage;
import dev.bellows.spark.WeightsHash;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.CheckpointStore;
import dev.bellows.spark.checkpoint.PartInfo;
import dev.bellows.spark.coordinator.CheckpointCommits;
import dev.bellows.spark.coordinator.CoordinatorServer;
import dev.bellows.spark.coordinator.Generation;
import dev.bellows.spark.coordinator.GenerationListener;
import dev.bellows.spark.coordinator.Outcome;
import dev.bellows.spark.coordinator.Schedule;
import dev.bellows.spark.coordinator.StepSummary;
import dev.bellows.spark.data.SnapshotException;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.LossFunction;
import dev.bellows.train.TrainLoop;
import dev.bellows.train.metric.Accuracy;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks as threads of this JVM, over real sockets, without Spark. */
@Timeout(60)
class WorkerTest {
  private static final byte[] SECRET = {5, 6, 7};
  private static final int SHARDS = 4;
  private static final int GLOBAL_BATCH = 16;
  private static final long STEPS = 12; // three epochs of 50 rows
  private static final long SEED = 11;
  private static String expected;

  @TempDir private Path directory;
  private final AtomicBoolean killed = new AtomicBoolean();
  private final List<StepSummary> steps = new CopyOnWriteArrayList<>();
  private Set<Thread> before;
  private CoordinatorServer server;
  private TlsConfig tls;
  private int generations;
  private final ExecutorService storage = Executors.newSingleThreadExecutor();
  private volatile String committed = "";

  @BeforeEach
  void listen() {
    before = new HashSet<>(Thread.getAllStackTraces().keySet());
    server = new CoordinatorServer("127.0.0.1", "127.0.0.1", 0, SECRET, null);
  }

  @AfterEach
  void close() throws InterruptedException {
    server.close();
    storage.shutdown();
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().startsWith("bellows-")) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static synchronized String expected() {
    if (expected == null) {
      Generator.manualSeed(SEED);
      var model = new Tiny.Net(8);
      var optimizer = new Adam(model.parameters(), 0.01);
      try (var loop =
          TrainLoop.builder(model, Tiny::loss, optimizer, Tiny.source())
              .globalBatch(GLOBAL_BATCH)
              .shards(SHARDS)
              .seed(SEED)
              .build()) {
        for (long step = 0; step < STEPS; step++) {
          loop.step(step);
        }
      }
      expected = HexFormat.of().formatHex(WeightsHash.of(model.stateDict().asMap()));
    }
    return expected;
  }

  private static Recipe<Tiny.Net> recipe(LossFunction<Tiny.Net> loss) {
    return recipe(loss, 0, DType.FLOAT32, false);
  }

  private static Recipe<Tiny.Net> recipe(
      LossFunction<Tiny.Net> loss, double maxGradNorm, DType gradientType, boolean shardOptimizer) {
    return new Recipe<>(
        () -> new Tiny.Net(8),
        loss,
        parameters -> new Adam(parameters, 0.01),
        new EvaluationMetric<>(
            Accuracy::new,
            (accuracy, model, batch) ->
                accuracy.update(Tiny.logits(model, batch), batch.input("y"))),
        cache -> Tiny.source(),
        cache -> Tiny.source(),
        settings()
            .train(
                t ->
                    t.maxGradNorm(maxGradNorm)
                        .gradientType(gradientType)
                        .shardOptimizer(shardOptimizer)));
  }

  private static JobSettings settings() {
    return JobSettings.defaults()
        .evaluationBatch(8)
        .timeouts(timeouts())
        .train(t -> t.globalBatch(GLOBAL_BATCH).shards(SHARDS).seed(SEED).bucketBytes(200));
  }

  /** Device of the models of all ranks. */
  static Device device = Device.CPU;

  private Outcome run(int ranks, LossFunction<Tiny.Net> loss, long start, long checkpointEvery)
      throws Exception {
    return run(ranks, recipe(loss), start, checkpointEvery);
  }

  private Outcome run(int ranks, Recipe<?> recipe, long start, long checkpointEvery)
      throws Exception {
    var generation = generation(ranks, recipe.settings().rules(), start, checkpointEvery);
    var threads = new ArrayList<Thread>();
    for (int rank = 0; rank < ranks; rank++) {
      var worker =
          new Worker<>(
              recipe,
              new Assignment(
                  "job",
                  generation.number(),
                  ranks,
                  server.address(),
                  SECRET,
                  start,
                  STEPS,
                  start == 0 ? "" : committed,
                  directory.toString(),
                  directory.resolve("model.safetensors").toString(),
                  Map.of()),
              new Place(
                  rank,
                  "e" + rank,
                  "127.0.0.1",
                  directory.resolve("cache"),
                  () -> device,
                  tls,
                  killed::get,
                  Time.SYSTEM));
      var thread = new Thread(worker::run, "rank-" + rank);
      thread.setUncaughtExceptionHandler((t, e) -> assertThat(killed.get()).as("" + e).isTrue());
      thread.start();
      threads.add(thread);
    }
    var outcome = generation.outcome().get(40, TimeUnit.SECONDS);
    for (var thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    return outcome;
  }

  private static Timeouts timeouts() {
    return Timeouts.defaults().withCollective(Duration.ofSeconds(20));
  }

  private Generation generation(int ranks, MetricRules rules, long start, long checkpointEvery) {
    var store = new CheckpointStore(directory.toString(), new Configuration());
    CheckpointCommits commits =
        (done, attempt, parts, evaluations) -> {
          var files = new ArrayList<PartInfo>();
          for (var p : parts) {
            files.add(new PartInfo(p.getFile(), p.getBytes(), p.getCrc32C(), p.getTensors()));
          }
          var values = parts.get(0).getOptimizerValuesMap();
          store.commit(
              attempt,
              CheckpointManifest.builder()
                  .step(done)
                  .optimizer("Adam", values, 0.01)
                  .files(files)
                  .evaluations(evaluations.results(), rules.bestStep(evaluations))
                  .build());
          committed = attempt;
        };
    var generation =
        new Generation(
            new Generation.Settings(
                "job",
                generations++,
                ranks,
                1,
                false,
                SHARDS,
                start,
                start == 0 ? "" : committed,
                new Evaluations(
                    rules.better(), start == 0 ? List.of() : store.read(committed).evaluations()),
                4,
                timeouts()),
            new Schedule(STEPS, 4, checkpointEvery, rules.stopsEarly(), null, rules),
            checkpointEvery > 0 ? store : null,
            commits,
            new GenerationListener() {
              @Override
              public void step(StepSummary summary) {
                steps.add(summary);
              }

              @Override
              public void evaluated(long stepsDone, double metric) {}
            },
            System::nanoTime,
            storage);
    server.serve(generation);
    return generation;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void sameBitsForAnyNumberOfRanks(int ranks) throws Exception {
    var outcome = run(ranks, Tiny::loss, 0, 0);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.weightsSha256()).isEqualTo(expected());
    assertThat(outcome.metric().orElseThrow()).isBetween(0.4, 1.0);
    assertThat(steps).hasSize((int) STEPS);
    assertThat(sha256(directory.resolve("model.safetensors"))).isEqualTo(expected());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aShardedOptimizerGivesTheSameBits(int ranks) throws Exception {
    var outcome = run(ranks, recipe(Tiny::loss, 0, DType.FLOAT32, true), 0, 0);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.weightsSha256()).isEqualTo(expected());
  }

  @Test
  void aShardedOptimizerMayBeClippedAndNarrow() throws Exception {
    for (var type : List.of(DType.FLOAT32, DType.BFLOAT16)) {
      for (var norm : List.of(0.0, 0.05)) {
        var bits = new HashSet<String>();
        for (var ranks : List.of(1, 2, 3)) {
          for (var sharded : List.of(false, true)) {
            var outcome = run(ranks, recipe(Tiny::loss, norm, type, sharded), 0, 0);
            assertThat(outcome.failure()).isNull();
            bits.add(outcome.weightsSha256());
          }
        }
        assertThat(bits).hasSize(1);
        assertThat(bits.contains(expected())).isEqualTo(type == DType.FLOAT32 && norm == 0);
      }
    }
  }

  @Test
  void aShardedStateIsSavedWholeAndGoesToAnotherNumberOfRanks() throws Exception {
    var first = run(3, recipe(failingAfter(8), 0, DType.FLOAT32, true), 0, 5);
    assertThat(first.failure()).hasMessage("planned failure");
    assertThat(committed).startsWith("step-000000000005-");
    var sharded = committed;
    // On with another number of parts, and on with none.
    var second = run(2, recipe(Tiny::loss, 0, DType.FLOAT32, true), 5, 0);
    assertThat(second.failure()).isNull();
    assertThat(second.weightsSha256()).isEqualTo(expected());
    committed = sharded;
    var third = run(1, Tiny::loss, 5, 0);
    assertThat(third.failure()).isNull();
    assertThat(third.weightsSha256()).isEqualTo(expected());
  }

  private static String sha256(Path file) throws Exception {
    var digest = java.security.MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }

  @Test
  void encryptedRanksGiveTheSameBits() throws Exception {
    tls = Certificates.make(directory, "job").tls();
    server.close();
    server = new CoordinatorServer("127.0.0.1", "127.0.0.1", 0, SECRET, tls);
    var outcome = run(2, Tiny::loss, 0, 0);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.weightsSha256()).isEqualTo(expected());
  }

  @Test
  void sameBitsAfterARestartWithAnotherNumberOfRanks() throws Exception {
    var first = run(2, this.<Tiny.Net>failingAfter(8), 0, 5);
    assertThat(first.failure()).hasMessage("planned failure");
    assertThat(committed).startsWith("step-000000000005-");
    var second = run(3, Tiny::loss, 5, 5);
    assertThat(second.failure()).isNull();
    assertThat(second.weightsSha256()).isEqualTo(expected());
    assertThat(committed).startsWith("step-000000000012-");
  }

  @Test
  void anyNumberOfRanksTakesTheSameDecisionsAgainAfterARestart() throws Exception {
    var undisturbed = run(1, statefulRecipe(Tiny::loss), 0, 0);
    assertThat(undisturbed.failure()).isNull();
    for (var ranks : List.of(1, 2, 4)) {
      committed = "";
      assertThat(run(ranks, statefulRecipe(failingAfter(6)), 0, 5).failure())
          .hasMessage("planned failure");
      assertThat(run(ranks, statefulRecipe(Tiny::loss), 5, 0)).isEqualTo(undisturbed);
    }
  }

  /** Batch statistics, dropout, an average of the weights and early stopping. */
  private static Recipe<Tiny.NormNet> statefulRecipe(LossFunction<Tiny.NormNet> loss) {
    return new Recipe<>(
        () -> new Tiny.NormNet(8),
        loss,
        parameters -> new Adam(parameters, 0.3),
        EvaluationMetric.of(Tiny::lossSum),
        cache -> Tiny.source(),
        cache -> Tiny.source(),
        settings()
            .average(WeightAverage.ema(0.7))
            .better(Mode.MIN)
            .earlyStopping(1, 0)
            .train(t -> t.globalBatch(13))); // no shard has one row
  }

  /** Returns a loss that fails after that number of steps, once a checkpoint is committed. */
  private <M extends Module> LossFunction<M> failingAfter(int done) {
    var calls = new AtomicInteger();
    return (model, batch) -> {
      if (calls.incrementAndGet() > done * SHARDS) {
        awaitCommit();
        throw BellowsException.retryable("planned failure");
      }
      return Tiny.loss(model, batch);
    };
  }

  private void awaitCommit() {
    var end = System.nanoTime() + 10_000_000_000L;
    while (committed.isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsAllRanks() throws Exception {
    var outcome = run(2, (model, batch) -> Tiny.loss(model, batch).mul(Double.NaN), 0, 0);
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.USER);
    assertThat(outcome.failure())
        .hasMessageMatching("train: loss must be finite; step 0, shard [02] of 4 gave NaN.*");
  }

  @Test
  void aKilledTaskLeavesAtOnce() throws Exception {
    var start = System.nanoTime();
    var outcome =
        run(
            2,
            (model, batch) -> {
              killed.set(true);
              awaitInterrupt(); // Otherwise all steps might be complete before the check.
              return Tiny.loss(model, batch);
            },
            0,
            0);
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.RETRYABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private static void awaitInterrupt() {
    try {
      Thread.sleep(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCheckpointOfAnotherStepIsFatal() throws Exception {
    run(1, Tiny::loss, 0, 5);
    var outcome = run(1, Tiny::loss, 4, 5);
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(outcome.failure())
        .hasMessageMatching(
            "checkpoint: step-0+12-[\\w-]+ must be of the start step; it is of step 12,"
                + " training starts at 4");
  }

  @Test
  void ranksThatDifferMakeNoCheckpoint() throws Exception {
    var outcome =
        run(
            2,
            (model, batch) -> {
              if (Thread.currentThread().getName().equals("rank-1")) {
                // as a fault of memory would, which no version counts
                var weight = model.parameters().get(0);
                Internals.kernels(weight).fill(weight.strided(), 1);
              }
              return Tiny.loss(model, batch);
            },
            0,
            5);
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(outcome.failure())
        .hasMessageMatching(
            "train: state after 5 steps must be equal on all ranks; rank 0 has crc32c \\w{8},"
                + " rank 1 has \\w{8}");
    assertThat(committed).isEmpty();
  }

  @Test
  void aPartThatCannotBeWrittenIsToldAndEndsNothing() throws Exception {
    Files.createFile(directory.resolve("attempt")); // a file where a directory should be
    var store = new CheckpointStore(directory.toString(), new Configuration());
    var model = new Tiny.Net(8);
    var optimizer = new Adam(model.parameters(), 0.01);
    var kept = new KeptWeights<>(JobSettings.defaults(), model);
    var told = new CopyOnWriteArrayList<ToDriver>();
    try (var writer = new PartWriter(store, 0, told::add, Time.SYSTEM);
        var loop = TrainLoop.builder(model, Tiny::loss, optimizer, Tiny.source()).build()) {
      writer.write(new PartWriter.Part("attempt", 5, 0, 1), false, loop, kept);
      writer.await();
      assertThat(told).hasSize(1).allMatch(ToDriver::hasFailure);
      var failure = told.get(0).getFailure();
      assertThat(failure.getCategory()).isEqualTo(Category.NONE);
      assertThat(failure.getStep()).isEqualTo(5);
      assertThat(failure.getMessage())
          .contains("part must be written; file:", "/attempt/part-00000-of-00001.safetensors: ");
      Files.delete(directory.resolve("attempt"));
      writer.write(new PartWriter.Part("attempt", 6, 0, 1), false, loop, kept);
      writer.await();
      assertThat(told.get(1).getPart().getFile()).isEqualTo("part-00000-of-00001.safetensors");
    }
  }

  @Test
  void unreadableDataMayBeReadAnotherTime() {
    assertThat(Failures.category(new SnapshotException("s", new IOException("reset"))))
        .isEqualTo(Category.RETRYABLE);
    assertThat(Failures.category(new SnapshotException("s", new FileNotFoundException("part"))))
        .isEqualTo(Category.USER);
    assertThat(Failures.category(new SnapshotException("s"))).isEqualTo(Category.USER);
  }

  private static Recipe<Tiny.Net> reading(SourceFactory data) {
    var plain = recipe(Tiny::loss);
    return new Recipe<>(
        plain.model(), plain.loss(), plain.optimizer(), null, data, null, plain.settings());
  }

  /** Exceptions of storage in the middle of a step are not the user's. */
  @Test
  void aBatchThatCannotBeReadMayBeReadAnotherTime() throws Exception {
    var outcome =
        run(
            2,
            reading(
                cache ->
                    new BatchSource() {
                      @Override
                      public long rows() {
                        return Tiny.ROWS;
                      }

                      @Override
                      public Batch gather(long[] rows) {
                        throw new UncheckedIOException(new IOException("connection reset"));
                      }
                    }),
            0,
            0);
    assertThat(outcome.failure()).hasMessageContaining("connection reset");
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.RETRYABLE);
  }

  /** A net with batch statistics. */
  private static final class Normalized extends Module {
    final Tiny.Net net = new Tiny.Net(8);
    final BatchNorm1d norm = new BatchNorm1d(1);

    @Override
    protected Tensor forward(Tensor x) {
      return net.call(norm.call(x.unsqueeze(1)).squeeze(1));
    }
  }

  @Test
  void batchStatisticsDoNotDependOnRanks() throws Exception {
    var plain = recipe(Tiny::loss);
    var recipe =
        new Recipe<>(
            Normalized::new,
            (model, batch) ->
                Functional.crossEntropy(model.call(batch.input("x")), batch.input("y")),
            plain.optimizer(),
            null,
            plain.data(),
            null,
            plain.settings());
    var hashes = new HashSet<String>();
    for (int ranks : new int[] {1, 2, 4}) {
      var outcome = run(ranks, recipe, 0, 0);
      assertThat(outcome.failure()).isNull();
      hashes.add(outcome.weightsSha256());
    }
    assertThat(hashes).hasSize(1);
  }

  /** A net that counts its calls in a buffer. */
  private static final class Counting extends Module {
    final Tiny.Net net = new Tiny.Net(8);
    final Buffer calls = Buffer.of(Tensor.zeros(1));

    @Override
    protected Tensor forward(Tensor x) {
      calls.add_(1);
      return net.call(x);
    }
  }

  @Test
  void buffersMayNotChange() throws Exception {
    var plain = recipe(Tiny::loss);
    var recipe =
        new Recipe<>(
            Counting::new,
            (model, batch) ->
                Functional.crossEntropy(model.call(batch.input("x")), batch.input("y")),
            plain.optimizer(),
            null,
            plain.data(),
            null,
            plain.settings());
    var outcome = run(2, recipe, 0, 0);
    assertThat(outcome.failure().category()).isEqualTo(BellowsException.Category.USER);
    assertThat(outcome.failure())
        .hasMessage(
            "train: a buffer that forward changes needs a rule for the values of several shards,"
                + " Buffer.of(data, BufferRule.MEAN) or FIRST_SHARD; got changed [calls]");
  }
}
