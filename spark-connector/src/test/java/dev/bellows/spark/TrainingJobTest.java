package dev.bellows.spark;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.data.Batch;
import dev.bellows.memory.DType;
import dev.bellows.optim.Adam;
import dev.bellows.optim.LAMB;
import dev.bellows.optim.LBFGS;
import dev.bellows.spark.data.LocalSpark;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests jobs on two threads of this JVM: rejected settings, and restarts. */
@Timeout(120)
class TrainingJobTest {
  private static SparkSession spark;
  private static Dataset<Row> frame;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    frame = TinyJob.frame(spark);
  }

  private static TrainingJobBuilder<Tiny.Net> job() {
    return TinyJob.job(spark, frame).executors(2);
  }

  private TrainingJobBuilder<Tiny.Net> job(int epochs, Resume resume) {
    return job()
        .epochs(epochs)
        .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
        .resume(resume);
  }

  private static BellowsException failure(TrainingJobBuilder<?> job) {
    return catchThrowableOfType(BellowsException.class, () -> job.build().run());
  }

  private static void assertUserError(TrainingJobBuilder<?> job, String pattern) {
    var failure = failure(job);
    assertThat(failure).hasMessageMatching(pattern);
    assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
    assertThat(failure.getMessage()).doesNotContain("\n");
  }

  @Test
  void goesOnFromACheckpointWithTheSameBits() {
    var whole = job().build().run();
    assertThat(whole.metric().orElse(0)).isGreaterThan(0.4);

    var first = job(1, Resume.NEVER);
    assertThat(first.build().run().checkpoint().orElse("")).contains("/step-000000000004-");
    assertUserError(
        job(3, Resume.NEVER),
        "checkpoint: file:.* must be without checkpoints of an earlier run; it holds step-0+4-.*");
    assertUserError(
        job(3, Resume.AUTO).seed(8),
        "resume: checkpoint step-0+4-[\\w-]+ has seed 7, the job has 8; both must be equal");
    assertUserError(
        job(3, Resume.AUTO).shards(8).globalBatch(32),
        "job: 2 problems: resume: checkpoint step-0+4-[\\w-]+ has globalBatch 16, the job has 32;"
            + " both must be equal; resume: checkpoint step-0+4-[\\w-]+ has shards 4, the job has"
            + " 8; both must be equal");
    assertUserError(
        TrainingJob.builder(spark)
            .model(() -> new Tiny.Net(9))
            .loss(Tiny::loss)
            .optimizer(parameters -> new Adam(parameters, 0.01))
            .data(frame, TinyJob.columns())
            .globalBatch(16)
            .epochs(3)
            .seed(7)
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .resume(Resume.AUTO),
        "resume: checkpoint step-0+4-[\\w-]+ is of another model; it holds"
            + " dev.bellows.spark.Tiny\\$Net \\(\\w+\\), the job trains"
            + " dev.bellows.spark.Tiny\\$Net \\(\\w+\\)");
    assertUserError(
        TinyJob.job(spark, frame.limit(40))
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .resume(Resume.AUTO),
        "resume: checkpoint step-0+4-[\\w-]+ is of other data; it was trained on 50 rows with"
            + " fingerprint \\w+, the job has 40 rows with fingerprint \\w+");

    var second = job(3, Resume.AUTO).executors(1).build().run();
    assertThat(second.startStep()).isEqualTo(4);
    assertThat(second.weightsSha256()).isEqualTo(whole.weightsSha256());
    var third = job(3, Resume.REQUIRED).build().run(); // nothing is left to do
    assertThat(third.startStep()).isEqualTo(12);
    assertThat(third.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(third.metric()).isEqualTo(whole.metric());
  }

  @Test
  void passesOverATruncatedCheckpoint() throws IOException {
    var whole = job(2, Resume.NEVER).build().run();
    var newest = Path.of(whole.checkpoint().orElseThrow().replaceFirst("^file:", ""));
    var part = newest.resolve("part-00001-of-00002.safetensors");
    try (var file = Files.newByteChannel(part, StandardOpenOption.WRITE)) {
      file.truncate(Files.size(part) - 5);
    }
    List<String> messages = new ArrayList<>();
    var again =
        job(2, Resume.AUTO)
            .listener(
                new TrainingListener() {
                  @Override
                  public void message(String line) {
                    messages.add(line);
                  }
                })
            .build()
            .run();
    assertThat(messages.get(0))
        .matches("checkpoint: step-0+8-[\\w-]+ of step 8 is damaged and passed over; part-00001.*");
    assertThat(again.startStep()).isEqualTo(6);
    assertThat(again.weightsSha256()).isEqualTo(whole.weightsSha256());
  }

  @Test
  void namesAllMistakesTogether() {
    assertUserError(
        TinyJob.job(spark, frame.withColumnRenamed("y", "label"))
            .evaluation(frame)
            .executors(8)
            .epochs(0)
            .resume(Resume.REQUIRED),
        "job: 4 problems: epochs: must be at least 1; got 0;"
            + " shards: must be at least executors; got 4 shards, 8 executors;"
            + " data: column y must exist once in the frame; there is none, the frame has"
            + " \\[x array<float>, label bigint\\];"
            + " resume: REQUIRED needs a checkpoint directory; got none");
  }

  @Test
  void refusesOptimizersThatAJobCannotStep() {
    assertUserError(
        job().optimizer(parameters -> new LBFGS(parameters, 1)),
        "optimizer: must step once for each gradient; LBFGS computes the loss several times in a"
            + " step, so use it alone, with step\\(closure\\)");
    assertUserError(
        job().optimizer(parameters -> new LAMB(parameters, 0.1)).shardOptimizer(true),
        "optimizer: LAMB: an optimizer can be sharded if .*; train without shardOptimizer.*");
  }

  @Test
  void refusesAColumnOfAnotherShape() {
    assertUserError(
        job().data(frame, column("x", DType.FLOAT32, 7), column("y", DType.INT64)),
        "(?s).*column x.*7.*6.*");
  }

  @Test
  void namesALabelOutOfRange() {
    var wrong = frame.withColumn("y", functions.expr("y + 2"));
    assertUserError(
        TinyJob.job(spark, wrong).executors(2),
        "loss: step 0, shard \\d of 4, rank [01], rows .*: crossEntropy: target must be .* 3 .*");
  }

  @Test
  void namesALossThatIsNotFinite() {
    assertUserError(
        job().loss((model, batch) -> Tiny.loss(model, batch).mul(Double.NaN)),
        "train: loss must be finite; step 0, shard [02] of 4 gave NaN.*");
  }

  @Test
  void refusesADirectoryItCannotWriteTo() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    assertUserError(
        job().checkpoint(file + "/checkpoints", CheckpointInterval.everyEpochs(1)),
        "checkpoint: directory must be writable; file:.*/file/checkpoints: .*");
  }

  @Test
  void requiresACheckpointWhereOneIsRequired() {
    assertUserError(
        job(1, Resume.REQUIRED), "resume: REQUIRED needs a checkpoint; there is none in file:.*");
  }

  @Test
  void namesTheSlotsItNeeds() {
    assertUserError(
        job().executors(3).timeouts(Timeouts.defaults().withSlots(Duration.ofMillis(300))),
        "slots: 3 executors need 3 free task slots of 1 core\\(s\\) each; 2 were there after 300 ms"
            + " on local\\[2\\]\\. .* or set executors\\(2\\)\\.");
  }

  @Test
  void refusesWhatCannotBeSent() {
    var captured = new Object();
    assertUserError(
        job().loss((model, batch) -> captured == null ? Tensor.zeros(1) : Tiny.loss(model, batch)),
        "loss: must be serializable, to be sent to executors; it holds a java.lang.Object .*");
  }

  private static final AtomicBoolean FAIL = new AtomicBoolean();

  /** Slow, and fails once when told to. */
  private static Tensor failingLoss(Tiny.Net model, Batch batch) {
    if (FAIL.compareAndSet(true, false)) {
      throw BellowsException.retryable("planned failure");
    }
    LockSupport.parkNanos(20_000_000);
    return Tiny.loss(model, batch);
  }

  private static final AtomicBoolean HANG = new AtomicBoolean();
  private static final CountDownLatch WAKE = new CountDownLatch(1);

  /** The first call hears no interrupt until it is woken. */
  private static Tensor deafLoss(Tiny.Net model, Batch batch) {
    if (HANG.compareAndSet(true, false)) {
      while (WAKE.getCount() > 0) {
        LockSupport.parkNanos(50_000_000);
        Thread.interrupted();
      }
    }
    return Tiny.loss(model, batch);
  }

  @Test
  void aRestartDoesNotCountASlotThatAnOldTaskHolds() {
    var whole = job().build().run();
    List<String> messages = new CopyOnWriteArrayList<>();
    HANG.set(true);
    try {
      var timeouts = Timeouts.defaults();
      var after =
          job()
              .loss(TrainingJobTest::deafLoss)
              .timeouts(timeouts.withStep(Duration.ofSeconds(5)).withSlots(Duration.ofSeconds(10)))
              .listener(
                  new TrainingListener() {
                    @Override
                    public void message(String line) {
                      messages.add(line);
                    }
                  })
              .build()
              .run();
      assertThat(after.restarts()).isEqualTo(1);
      assertThat(after.executors()).isEqualTo(1);
      assertThat(after.weightsSha256()).isEqualTo(whole.weightsSha256());
      assertThat(messages)
          .contains(
              "restart: 1 old task does not end, and Spark cannot replace executors [driver] here;"
                  + " going on without their slots")
          .anyMatch(
              m ->
                  m.matches(
                      "slots: waiting for 2 task slots of 1 core\\(s\\) each on local\\[2\\]; 1 is"
                          + " there; waited \\d+ s, for at most \\d+ s more \\(timeouts.slots\\)"));
    } finally {
      WAKE.countDown();
    }
  }

  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final CountDownLatch TOLD_TO_FAIL = new CountDownLatch(1);

  /** Fails after four steps, but only once the test allows it. */
  private static Tensor lossThatWaits(Tiny.Net model, Batch batch) {
    if (CALLS.incrementAndGet() > 4 * 4) {
      try {
        assertThat(TOLD_TO_FAIL.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return failingLoss(model, batch);
  }

  @Test
  void aRestartPassesOverADamagedCheckpoint() {
    var whole = job().build().run();
    List<String> messages = new CopyOnWriteArrayList<>();
    var damaged = new AtomicBoolean();
    var after =
        job(3, Resume.NEVER)
            .loss(TrainingJobTest::lossThatWaits)
            .listener(
                new TrainingListener() {
                  @Override
                  public void checkpoint(long step, String name) {
                    if (step == 4 && damaged.compareAndSet(false, true)) {
                      damage(directory.resolve(name).resolve("part-00000-of-00002.safetensors"));
                      FAIL.set(true);
                      TOLD_TO_FAIL.countDown();
                    }
                  }

                  @Override
                  public void message(String line) {
                    messages.add(line);
                  }
                })
            .build()
            .run();
    assertThat(messages)
        .anyMatch(
            m -> m.matches("checkpoint: step-0+4-[\\w-]+ of step 4 is damaged and passed over.*"))
        .contains("planned failure; going on from step 2 (restart 1 of 3)");
    assertThat(after.weightsSha256()).isEqualTo(whole.weightsSha256());
  }

  /** Turns one byte, so that only the checksum tells. */
  private static void damage(Path file) {
    try {
      var bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCancelledJobIsNotStartedAgain() {
    assertUserError(
        job()
            .loss(TrainingJobTest::failingLoss)
            .listener(
                new TrainingListener() {
                  @Override
                  public void step(Progress progress) {
                    spark.sparkContext().cancelAllJobs();
                  }
                }),
        "train: the job was cancelled: .*cancelled.*");
  }

  @Test
  void aFailedJobLeavesTheModelOfAnEarlierOne() throws IOException {
    var file = Files.writeString(directory.resolve("m.safetensors"), "earlier");
    assertThat(
            failure(
                job()
                    .modelFile(file.toString())
                    .metric(
                        (model, batch) -> {
                          throw new IllegalStateException("no metric");
                        })))
        .hasMessageMatching("evaluation: after step 12, rank [01], rows 0 to 49: no metric; at .*");
    assertThat(file).hasContent("earlier");
    job().modelFile(file.toString()).build().run();
    assertThat(Files.size(file)).isGreaterThan(100);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void namesNumbersOutOfRange() {
    var timeouts = Timeouts.defaults();
    assertUserError(
        job().maxGradNorm(Double.NaN).bucketBytes(-1).timeouts(timeouts.withStep(Duration.ZERO)),
        "job: 3 problems: bucketBytes: must be at least 1; got -1;"
            + " maxGradNorm: must be at least 0; got NaN;"
            + " timeouts.step: must be at least 1 ms; got PT0S");
    assertUserError(
        job().timeouts(timeouts.withHeartbeat(Duration.ofSeconds(3), Duration.ofSeconds(3))),
        "timeouts.lost: must be longer than timeouts.heartbeat; got PT3S, heartbeat PT3S");
    assertUserError(job().timeouts(null), "timeouts: must be set; got null");
    assertUserError(
        job().globalBatch(1 << 17).shards(1 << 16), "shards: must be at most 65535; got 65536");
  }

  @Test
  void namesAColumnThatIsThereTwice() {
    assertUserError(
        TinyJob.job(spark, frame.select("x", "y", "x")).executors(2),
        "job: 2 problems: data: column x must exist once in the frame; there are x, x;"
            + " evaluation: column x must exist once in the frame; there are x, x");
  }

  @Test
  void waitsUntilNoMoreSlotsCome() throws InterruptedException {
    var time = new VirtualTime();
    var polls = new AtomicInteger();
    assertThat(
            Slots.awaitStable(
                () -> Math.min(4, polls.getAndIncrement() / 2),
                Duration.ofSeconds(3),
                Duration.ofMinutes(2),
                time))
        .isEqualTo(4);
    assertThat(time.nanos()).isBetween(3_000_000_000L, 6_000_000_000L);
    var start = time.nanos();
    assertThat(
            Slots.awaitStable(
                polls::incrementAndGet, Duration.ofSeconds(9), Duration.ofSeconds(20), time))
        .isPositive();
    assertThat(time.nanos() - start).isGreaterThanOrEqualTo(20_000_000_000L);
  }

  /** Time that passes only in pauses. */
  private static final class VirtualTime implements Time {
    private long nanos;

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleep(long millis) {
      nanos += millis * 1_000_000;
    }
  }
}
