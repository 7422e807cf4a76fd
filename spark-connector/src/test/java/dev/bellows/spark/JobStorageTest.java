package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.data.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of a job: what it waits for, what it heals, and what it leaves. */
@Timeout(180)
class JobStorageTest {
  private static SparkSession spark;
  private static Dataset<Row> frame;
  private static CountDownLatch started;
  private static CountDownLatch release;
  private static final AtomicLong NEXT = new AtomicLong();

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    frame = TinyJob.frame(spark);
  }

  private TrainingJobBuilder<Tiny.Net> job(int epochs) {
    return TinyJob.job(spark, frame)
        .executors(2)
        .epochs(epochs)
        .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
        .resume(Resume.AUTO);
  }

  private static TrainingListener messages(Consumer<String> lines) {
    return new TrainingListener() {
      @Override
      public void message(String line) {
        lines.accept(line);
      }
    };
  }

  private List<Path> files(String name) {
    try (Stream<Path> all = Files.walk(directory.resolve("data"))) {
      return all.filter(file -> file.getFileName().toString().startsWith(name)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Damage {
    void to(Path file) throws IOException;
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  private static void truncate(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 1);
    }
  }

  private static void garble(Path file) throws IOException {
    Files.writeString(file, Files.readString(file).substring(10));
  }

  private static void misnumber(Path file) throws IOException {
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"firstRow\" : 0", "\"firstRow\" : 1"));
  }

  @Test
  void aResumedJobWritesADamagedSnapshotAnew() throws IOException {
    var expected = TinyJob.job(spark, frame).executors(2).build().run();
    job(1).build().run();
    var first = files("part-");
    assertThat(first).hasSize(2);
    List<String> lines = new CopyOnWriteArrayList<>();
    long steps = 4;
    for (Damage damage :
        List.<Damage>of(JobStorageTest::flip, JobStorageTest::truncate, Files::delete)) {
      for (Path part : files("part-")) {
        damage.to(part);
      }
      lines.clear();
      var again = job(3).listener(messages(lines::add)).build().run();
      assertThat(again.restarts()).isZero();
      assertThat(again.startStep()).isEqualTo(steps);
      assertThat(again.weightsSha256()).isEqualTo(expected.weightsSha256());
      assertThat(lines.stream().filter(line -> line.contains("the snapshot is written anew")))
          .hasSize(2)
          .allMatch(
              line ->
                  line.matches(
                      "snapshot: part file:.*/part-.*safetensors cannot be used: .*; the snapshot"
                          + " is written anew from the data frame"));
      assertThat(files("part-")).hasSize(2);
      assertThat(files("manifest")).hasSize(2);
      steps = 12;
    }
  }

  @Test
  void aDamagedManifestIsPassedOverWithALine() throws IOException {
    job(1).build().run();
    for (Damage damage : List.<Damage>of(JobStorageTest::garble, JobStorageTest::misnumber)) {
      for (Path manifest : files("manifest")) {
        damage.to(manifest);
      }
      List<String> lines = new CopyOnWriteArrayList<>();
      job(1).listener(messages(lines::add)).build().run();
      assertThat(lines)
          .anyMatch(
              line ->
                  line.matches(
                      "snapshot: manifest must be whole; .*manifest.json: .*; it is passed over,"
                          + " its directory may be removed"));
    }
  }

  @Test
  void aPartThatAWorkerFindsDamagedIsWrittenAnew() {
    var expected = TinyJob.job(spark, frame).executors(2).build().run();
    List<String> lines = new CopyOnWriteArrayList<>();
    var healed =
        job(3)
            .listener(
                messages(
                    line -> {
                      lines.add(line);
                      if (lines.stream().filter(l -> l.startsWith("training on")).count() == 1
                          && line.startsWith("training on")) {
                        damage(files("part-").get(1), JobStorageTest::flip);
                      }
                    }))
            .build()
            .run();
    assertThat(healed.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(healed.restarts()).isEqualTo(1);
    assertThat(lines).anyMatch(line -> line.contains("the snapshot is written anew"));
    assertThat(files("damaged")).isEmpty();
  }

  @Test
  void aFrameThatChangedCannotHeal() {
    // Another number in each run of the frame.
    spark
        .udf()
        .register(
            "next",
            (org.apache.spark.sql.api.java.UDF1<Long, Long>) y -> NEXT.incrementAndGet() % 3,
            org.apache.spark.sql.types.DataTypes.LongType);
    var unstable = frame.limit(40).selectExpr("x", "next(y) as y").coalesce(1);
    var failure =
        catchThrowableOfType(
            BellowsException.class,
            () ->
                TinyJob.job(spark, unstable)
                    .executors(2)
                    .evaluation(null)
                    .storage(directory.toString())
                    .listener(
                        messages(
                            line -> {
                              if (line.startsWith("training on")) {
                                damage(files("part-").get(0), Files::delete);
                              }
                            }))
                    .build()
                    .run());
    assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
    assertThat(failure)
        .hasMessageMatching(
            "snapshot: part files must be readable on every executor; found no .*; it cannot be"
                + " written anew: the data frame must give the same rows again; .*");
  }

  private static void damage(Path file, Damage damage) {
    try {
      damage.to(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes both slots until released. */
  private static JavaFutureAction<Void> holdSlots() throws InterruptedException {
    release = new CountDownLatch(1);
    started = new CountDownLatch(2);
    var action =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(List.of(1, 2), 2)
            .foreachAsync(
                i -> {
                  started.countDown();
                  release.await();
                });
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    return action;
  }

  @Test
  void aSnapshotThatWaitsForSlotsSaysSo() throws Exception {
    var holder = holdSlots();
    try {
      List<String> lines = new CopyOnWriteArrayList<>();
      var result =
          TinyJob.job(spark, frame)
              .executors(2)
              .listener(
                  messages(
                      line -> {
                        lines.add(line);
                        if (line.contains("waiting for a free task slot")) {
                          release.countDown();
                        }
                      }))
              .build()
              .run();
      assertThat(result.steps()).isEqualTo(12);
      assertThat(lines.get(0))
          .matches(
              "snapshot train: waiting for a free task slot; there are 2 slots; other jobs run: job"
                  + " \\d+ \"foreachAsync at JobStorageTest.*\"; waited \\d+ s, for at most"
                  + " \\d+ s more \\(timeouts.slots\\)");
    } finally {
      release.countDown();
      holder.get();
    }
  }

  @Test
  void aSnapshotThatGetsNoSlotFailsInTime() throws Exception {
    var holder = holdSlots();
    try {
      var failure =
          catchThrowableOfType(
              BellowsException.class,
              () ->
                  TinyJob.job(spark, frame)
                      .executors(2)
                      .timeouts(Timeouts.defaults().withSlots(Duration.ofSeconds(2)))
                      .build()
                      .run());
      assertThat(failure.category()).isEqualTo(BellowsException.Category.RETRYABLE);
      assertThat(failure)
          .hasMessageMatching(
              "snapshot train: a task slot must come free within 2000 ms; there are 2 slots;"
                  + " other jobs run: job \\d+ \"foreachAsync.*\"\\. Wait for that, .*");
    } finally {
      release.countDown();
      holder.get();
    }
  }

  @Test
  void aSnapshotOfLongTasksIsNotTakenForAWaitingOne() {
    spark
        .udf()
        .register(
            "longer",
            (org.apache.spark.sql.api.java.UDF1<Long, Long>)
                y -> {
                  LockSupport.parkNanos(60_000_000);
                  return y;
                },
            org.apache.spark.sql.types.DataTypes.LongType);
    var slow = frame.selectExpr("x", "longer(y) as y").coalesce(1);
    var result =
        TinyJob.job(spark, slow)
            .executors(2)
            .evaluation(null)
            .timeouts(Timeouts.defaults().withSlots(Duration.ofMillis(1500)))
            .build()
            .run();
    assertThat(result.steps()).isEqualTo(12);
  }

  @Test
  void theResultNamesItsFilesAsPathsAndUris() throws IOException {
    var place = Files.createDirectory(directory.resolve("a b%20c"));
    var result =
        TinyJob.job(spark, frame)
            .executors(2)
            .checkpoint(place.toString(), CheckpointInterval.everyEpochs(1))
            .build()
            .run();
    assertThat(result.modelPath()).isEqualTo(place.resolve("model.safetensors")).exists();
    assertThat(Path.of(result.modelUri())).isEqualTo(result.modelPath());
    assertThat(result.checkpointPath().orElseThrow().resolve("manifest.json")).exists();
    assertThat(Path.of(result.checkpointUri().orElseThrow()))
        .isEqualTo(result.checkpointPath().orElseThrow());
    for (var file :
        List.of(
            SafeTensors.load(result.modelFile()),
            SafeTensors.load(Path.of(result.modelFile())),
            SafeTensors.load(result.modelPath()),
            SafeTensors.load(result.modelUri().toString()))) {
      assertThat(file.tensors()).containsKey("fc1.weight");
    }
  }

  @Test
  void aResultElsewhereHasNoPath() {
    var result = result("hdfs://name/m.safetensors");
    assertThat(result.modelUri()).hasScheme("hdfs");
    assertThatThrownBy(result::modelPath)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "modelPath: must be a file of this machine; got hdfs://name/m.safetensors. Read it"
                + " through Hadoop's FileSystem, or copy it first");
    assertThat(result.checkpointPath()).isEmpty();
  }

  private static TrainingResult result(String modelFile) {
    return new TrainingResult(
        modelFile,
        "",
        1,
        1,
        1,
        java.util.List.of(),
        0,
        java.util.OptionalDouble.empty(),
        java.util.Optional.empty(),
        0,
        0,
        1,
        1,
        1,
        0,
        0);
  }

  /** Runs jobs without a directory, and prints what they leave in the folder of temporary files. */
  public static final class Main {
    private Main() {}

    /** The first argument is the model file of one of the jobs. */
    public static void main(String[] args) throws IOException {
      var session = LocalSpark.session();
      var job = TinyJob.job(session, TinyJob.frame(session)).executors(2);
      var failure = catchThrowableOfType(BellowsException.class, () -> failing(job).build().run());
      System.out.println("failed=" + failure.getMessage() + " left=" + left(temporary()));
      job.predict(Tiny::logits, "y").modelFile(args[0]).build().run();
      System.out.println("mine=" + Files.exists(Path.of(args[0])) + " left=" + left(temporary()));
      var result = job.modelFile(null).build().run();
      System.out.println("model=" + result.modelPath() + " " + Files.exists(result.modelPath()));
    }

    private static TrainingJobBuilder<?> failing(TrainingJobBuilder<Tiny.Net> job) {
      return job.metric(
          (model, batch) -> {
            throw new IllegalStateException("no metric");
          });
    }

    private static Path temporary() {
      return Path.of(System.getProperty("java.io.tmpdir"));
    }
  }

  private static List<String> left(Path temporary) throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.matches("bellows-\\d+"))
          .toList();
    }
  }

  @Test
  void aJobWithoutADirectoryLeavesNothingOrAModelThatGoesWithItsJvm() throws Exception {
    var output = directory.resolve("out");
    var temporary = Files.createDirectory(directory.resolve("tmp"));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                directory.resolve("mine.safetensors").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> content(output)).isZero();
    assertThat(content(output))
        .containsPattern("failed=.*no metric.* left=\\[\\]")
        .containsPattern("mine=true left=\\[\\]")
        .containsPattern("model=.*model.safetensors true");
    assertThat(left(temporary)).isEmpty();
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
