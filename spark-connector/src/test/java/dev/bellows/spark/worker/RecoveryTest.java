package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.CommException;
import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.Device;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.SyncBatchNorm;
import dev.bellows.optim.Adam;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.spark.EvaluationMetric;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.JobSettings;
import dev.bellows.spark.Time;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.Tiny;
import dev.bellows.spark.WeightAverage;
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
import dev.bellows.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ranks as threads of this JVM, over real sockets, that are killed at a chosen moment: the others
 * go on without a step lost or run twice, and the result has the bits of an undisturbed run.
 */
@Timeout(60)
class RecoveryTest {
  private static final byte[] SECRET = {5, 6, 7};
  private static final int SHARDS = 4;
  private static final long STEPS = 12; // three epochs of 50 rows
  private static Outcome expected;

  @TempDir private Path directory;
  private final List<Rank> ranks = new CopyOnWriteArrayList<>();
  private final List<Long> steps = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Long> commits = new CopyOnWriteArrayList<>();
  private final Map<Moment, Action> actions = new EnumMap<>(Moment.class);
  private final ExecutorService storage = Executors.newSingleThreadExecutor();
  private boolean respawning;
  private boolean synchronised;
  private int size;
  private long interval = 5;
  private CoordinatorServer server;
  private Generation generation;

  /** Where a rank is when something happens to it. */
  private enum Moment {
    GATHERING,
    LOSS,
    SUMMED,
    EVALUATING,
    FINISHING,
    JOINING
  }

  /** What happens to a rank at the {@code count}th time that it comes to a moment. */
  private interface Action {
    void run(Rank rank, int count);
  }

  @BeforeEach
  void listen() {
    server = new CoordinatorServer("127.0.0.1", "127.0.0.1", 0, SECRET, null);
  }

  @AfterEach
  void close() {
    server.close();
    storage.shutdown();
  }

  /** A rank, or its replacement. */
  private final class Rank {
    private final int slot;
    private final AtomicBoolean killed = new AtomicBoolean();
    private final Map<Moment, Integer> counts = new EnumMap<>(Moment.class);
    private final Thread thread;
    private volatile boolean isPrepared;

    Rank(int slot) {
      this.slot = slot;
      this.thread = new Thread(this::run, "rank-" + slot);
    }

    private void run() {
      try {
        new Worker<>(recipe(this), assignment(), place()).run();
      } catch (RuntimeException e) {
        assertThat(killed).as("%s", e).isTrue();
        if (respawning) {
          start(slot);
        }
      }
    }

    private Assignment assignment() {
      return new Assignment(
          "job",
          generation.number(),
          size,
          server.address(),
          SECRET,
          0,
          STEPS,
          "",
          directory.toString(),
          directory.resolve("model.safetensors").toString(),
          Map.of());
    }

    private Place place() {
      return new Place(
          slot,
          "e" + slot,
          "127.0.0.1",
          directory.resolve("cache"),
          () -> Device.CPU,
          null,
          killed::get,
          Time.SYSTEM);
    }

    /** Called by user code of this rank. */
    void at(Moment moment) {
      var count = counts.merge(moment, 1, Integer::sum);
      var action = actions.get(moment);
      if (action != null) {
        action.run(this, count);
      }
    }

    /** Kills this rank here and now. */
    void die() {
      killed.set(true);
      try {
        new CountDownLatch(1).await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IllegalStateException("killed");
    }
  }

  private void start(int slot) {
    var rank = new Rank(slot);
    ranks.add(rank);
    rank.thread.start();
  }

  /** Batch statistics, dropout, an average of the weights and early stopping. */
  private Recipe<Module> recipe(Rank rank) {
    return new Recipe<>(
        () -> synchronised ? new Synchronised() : new Tiny.NormNet(8),
        (model, batch) -> {
          rank.at(Moment.LOSS);
          return Tiny.loss(model, batch);
        },
        parameters -> new Steps(parameters, rank),
        EvaluationMetric.of(
            (model, batch) -> {
              var last = rank.counts.getOrDefault(Moment.SUMMED, 0) >= STEPS;
              rank.at(last ? Moment.FINISHING : Moment.EVALUATING);
              return Tiny.lossSum(model, batch);
            }),
        cache -> new Rows(rank),
        cache -> Tiny.source(),
        settings());
  }

  private static JobSettings settings() {
    return JobSettings.defaults()
        .evaluationBatch(8)
        .timeouts(Timeouts.defaults().withCollective(Duration.ofSeconds(20)))
        .average(WeightAverage.ema(0.7))
        .better(Mode.MIN)
        .earlyStopping(3, 0)
        .train(t -> t.globalBatch(13).shards(SHARDS).seed(11).bucketBytes(200));
  }

  private final class Steps extends Adam {
    private final Rank rank;

    Steps(List<Parameter> parameters, Rank rank) {
      super(parameters, 0.3);
      this.rank = rank;
      rank.isPrepared = true;
    }

    @Override
    public void step() {
      rank.at(Moment.SUMMED);
      super.step();
    }
  }

  private final class Rows implements BatchSource {
    private final BatchSource rows = Tiny.source();
    private final Rank rank;

    Rows(Rank rank) {
      this.rank = rank;
    }

    @Override
    public long rows() {
      if (generation.epoch() > generation.number() && Thread.currentThread() == rank.thread) {
        rank.at(Moment.JOINING);
      }
      return rows.rows();
    }

    @Override
    public Batch gather(long[] numbers) {
      if (Thread.currentThread() == rank.thread) {
        rank.at(Moment.GATHERING);
      }
      return rows.gather(numbers);
    }
  }

  private Generation generation() {
    var rules = settings().rules();
    var store = new CheckpointStore(directory.toString(), new Configuration());
    CheckpointCommits commit =
        (done, attempt, parts, evaluations) -> {
          var files = new ArrayList<PartInfo>();
          for (var p : parts) {
            files.add(new PartInfo(p.getFile(), p.getBytes(), p.getCrc32C(), p.getTensors()));
          }
          store.commit(
              attempt,
              CheckpointManifest.builder()
                  .step(done)
                  .optimizer("Adam", parts.get(0).getOptimizerValuesMap(), 0.3)
                  .files(files)
                  .evaluations(evaluations.results(), rules.bestStep(evaluations))
                  .build());
          commits.add(done);
        };
    return new Generation(
        new Generation.Settings(
            "job",
            0,
            size,
            1,
            false,
            SHARDS,
            0,
            "",
            Evaluations.none(rules.better()),
            4,
            settings().timeouts()),
        new Schedule(STEPS, 4, interval, true, null, rules),
        interval > 0 ? store : null,
        commit,
        new GenerationListener() {
          @Override
          public void step(StepSummary summary) {
            steps.add(summary.step());
          }

          @Override
          public void evaluated(long stepsDone, double metric) {}

          @Override
          public void warned(String message) {
            told.add(message);
          }
        },
        System::nanoTime,
        storage);
  }

  private Outcome run(int count) throws Exception {
    size = count;
    steps.clear();
    told.clear();
    ranks.clear();
    generation = generation();
    server.serve(generation);
    for (int slot = 0; slot < size; slot++) {
      start(slot);
    }
    var outcome = generation.outcome().get(40, TimeUnit.SECONDS);
    for (var rank : ranks) {
      rank.thread.join(10_000);
      assertThat(rank.thread.isAlive()).as(rank.thread.getName()).isFalse();
    }
    return outcome;
  }

  private Outcome expected() throws Exception {
    synchronized (RecoveryTest.class) {
      if (expected == null) {
        var before = Map.copyOf(actions);
        actions.clear();
        expected = run(1);
        assertThat(expected.failure()).isNull();
        actions.putAll(before);
      }
      return expected;
    }
  }

  private void assertUndisturbed(Outcome outcome) throws Exception {
    assertThat(outcome.failure()).isNull();
    var each = LongStream.range(0, outcome.steps()).boxed().toList();
    assertThat(steps).as("each step once, in order").isEqualTo(each);
    for (var rank : ranks) {
      assertThat(rank.counts.getOrDefault(Moment.SUMMED, 0)).isLessThanOrEqualTo(steps.size());
    }
    assertThat(outcome).isEqualTo(expected());
  }

  /** Kills rank {@code slot} when it comes to a moment for the {@code count}th time. */
  private void kill(Moment moment, int slot, int count) {
    actions.put(
        moment,
        (rank, times) -> {
          if (rank.slot == slot && times == count && ranks.indexOf(rank) < 3) {
            rank.die();
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "GATHERING, 1, 1, false",
    "LOSS, 0, 2, false",
    "LOSS, 2, 7, true",
    "SUMMED, 1, 5, false", // before a checkpoint of the state after
    "SUMMED, 0, 12, true",
    "EVALUATING, 0, 4, true",
    "FINISHING, 0, 1, false",
    "FINISHING, 2, 2, true"
  })
  void theOthersGoOnAtTheSameStep(Moment moment, int slot, int count, boolean replaced)
      throws Exception {
    expected();
    respawning = replaced;
    kill(moment, slot, count);
    assertUndisturbed(run(3));
    assertThat(told)
        .anyMatch(
            line ->
                line.matches("executor e" + slot + " lost at step \\d+ \\(.*\\); 2 of 3 go on"));
  }

  @Test
  void aKillInARecoveryIsAnotherLoss() throws Exception {
    expected();
    kill(Moment.LOSS, 0, 6);
    kill(Moment.JOINING, 2, 1);
    assertUndisturbed(run(3));
    assertThat(told)
        .anyMatch(line -> line.startsWith("executor e0 lost at step "))
        .anyMatch(
            line -> line.startsWith("executor e2 lost at step ") && line.endsWith("1 of 3 go on"));
  }

  /** A net whose shards need sums of all ranks in the middle of forward and backward. */
  private static final class Synchronised extends Module {
    final Tiny.Net net = new Tiny.Net(8);
    final SyncBatchNorm norm = new SyncBatchNorm(Tiny.FEATURES);

    @Override
    protected Tensor forward(Tensor x) {
      return net.call(norm.call(x));
    }
  }

  @Test
  void aKillBetweenTheSumsOfSynchronisedShards() throws Exception {
    synchronised = true;
    var undisturbed = run(1);
    respawning = true;
    kill(Moment.LOSS, 1, 4);
    assertThat(run(3)).isEqualTo(undisturbed);
    assertThat(told).anyMatch(line -> line.endsWith("; 2 of 3 go on"));
  }

  @Test
  void aReplacementJoinsAtTheEndOfAStep() throws Exception {
    expected();
    respawning = true;
    kill(Moment.LOSS, 1, 4);
    actions.put(
        Moment.SUMMED,
        (rank, count) -> {
          if (count == 8) { // time for the replacement to prepare
            awaitReplacement();
          }
        });
    assertUndisturbed(run(3));
    assertThat(told)
        .anyMatch(line -> line.matches("executor e1 joined at step \\d+; 3 of 3 go on"));
  }

  /** Waits until a replacement has made its optimizer, and a while more. */
  private void awaitReplacement() {
    for (int i = 0; i < 1_000 && !(ranks.size() == 4 && ranks.get(3).isPrepared); i++) {
      LockSupport.parkNanos(10_000_000);
    }
    LockSupport.parkNanos(300_000_000);
  }

  /** A rank that did not get a sum which another got takes the state of that one. */
  @Test
  void aRankThatIsAStepBehindGetsTheStateOfOneThatIsAhead() throws Exception {
    expected();
    actions.put(
        Moment.SUMMED,
        (rank, count) -> {
          if (rank.slot == 1 && count == 5 && generation.epoch() == 0) {
            throw CommException.retryable("allReduce: rank 2 closed the connection");
          }
        });
    assertUndisturbed(run(3));
    assertThat(generation.epoch()).isEqualTo(1);
  }

  @Test
  void connectionsThatBreakAgainAndAgainEndTheGeneration() throws Exception {
    actions.put(
        Moment.SUMMED,
        (rank, count) -> {
          throw CommException.retryable("allReduce: a broken switch");
        });
    assertThat(run(3).failure()).hasMessage("allReduce: a broken switch");
    assertThat(generation.epoch()).isEqualTo(3);
  }

  @Test
  void killsAtRandomMoments() throws Exception {
    expected();
    var seed = Long.getLong("test.seed", 4);
    System.out.println("RecoveryTest: -Dtest.seed=" + seed);
    respawning = true;
    for (int walk = 0; walk < Integer.getInteger("recovery.kills", 3); walk++) {
      var random = new Random(seed + walk);
      var victim = random.nextInt(3);
      var micros = random.nextInt(60_000);
      var killer =
          new Thread(
              () -> {
                while (steps.isEmpty()) {
                  Thread.onSpinWait();
                }
                var end = System.nanoTime() + micros * 1_000L;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                ranks.get(victim).killed.set(true);
              });
      steps.clear(); // of the run before
      killer.start();
      assertUndisturbed(run(3));
      killer.join();
    }
  }
}
