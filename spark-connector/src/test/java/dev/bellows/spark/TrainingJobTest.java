package dev.bellows.spark;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.memory.DType;
import dev.bellows.optim.Adam;
import dev.bellows.spark.data.LocalSpark;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on two threads of this JVM: what they refuse, and how they go on. */
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
        "resume: checkpoint step-0+4-\\w+ has seed 7, the job has 8; both must be equal");
    assertUserError(
        job(3, Resume.AUTO).shards(8).globalBatch(32),
        "job: 2 problems: resume: checkpoint step-0+4-\\w+ has globalBatch 16, the job has 32;"
            + " both must be equal; resume: checkpoint step-0+4-\\w+ has shards 4, the job has 8;"
            + " both must be equal");
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
        "resume: checkpoint step-0+4-\\w+ is of another model; it holds dev.bellows.spark.Tiny\\$Net"
            + " \\(\\w+\\), the job trains dev.bellows.spark.Tiny\\$Net \\(\\w+\\)");
    assertUserError(
        TinyJob.job(spark, frame.limit(40))
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .resume(Resume.AUTO),
        "resume: checkpoint step-0+4-\\w+ is of other data; it was trained on 50 rows with"
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
        .matches("checkpoint: step-0+8-\\w+ of step 8 is damaged and passed over; part-00001.*");
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
            + " data: columns \\[y\\] must be in the frame; it has \\[x, label\\];"
            + " resume: REQUIRED needs a checkpoint directory; got none");
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
        TinyJob.job(spark, wrong).executors(2), "(?s)(crossEntropy|nllLoss).*target.*3.*");
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
}
