package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.data.Batch;
import dev.bellows.spark.checkpoint.FaultyFileSystem;
import dev.bellows.spark.data.LocalSpark;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose checkpoint directory fails, vanishes, is damaged or is another job's too. */
@Timeout(180)
class CheckpointFaultsTest {
  private static SparkSession spark;
  private static Dataset<Row> frame;
  private static TrainingResult expected;

  @TempDir private Path directory;
  private final List<String> messages = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    FaultyFileSystem.configure(spark.sparkContext().hadoopConfiguration());
    frame = TinyJob.frame(spark);
    expected = TinyJob.job(spark, frame).executors(2).build().run();
  }

  @AfterEach
  void noFaults() {
    FaultyFileSystem.setFault(null);
  }

  /** Twelve steps, of which each second is saved. */
  private TrainingJobBuilder<Tiny.Net> job(String scheme, BiConsumer<Long, String> onCheckpoint) {
    return TinyJob.job(spark, frame)
        .executors(2)
        .checkpoint(scheme + directory, CheckpointInterval.everySteps(2))
        .timeouts(Timeouts.defaults().withLease(Duration.ofSeconds(3)))
        .listener(
            new TrainingListener() {
              @Override
              public void checkpoint(long step, String name) {
                onCheckpoint.accept(step, name);
              }

              @Override
              public void message(String line) {
                messages.add(line);
              }
            });
  }

  private TrainingJobBuilder<Tiny.Net> job(String scheme) {
    return job(scheme, (step, name) -> {});
  }

  private static BellowsException failure(TrainingJobBuilder<?> job) {
    return catchThrowableOfType(BellowsException.class, () -> job.build().run());
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        FaultyFileSystem.localDiskError("No space left on device"),
        new IOException("Disk quota exceeded"),
        new AccessControlException("Permission denied: user=trainer, access=WRITE"),
        new ConnectException("Connection refused"),
        new IllegalStateException("Filesystem closed"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aStateThatCannotBeSavedIsAWarning(Throwable fault) {
    FaultyFileSystem.setFault(
        (operation, path) ->
            operation.equals("write") && path.toString().matches(".*/step-0+2-.*/part-00001.*")
                    || operation.equals("rename")
                        && path.toString().matches(".*/step-0+6-.*/manifest.json")
                ? fault
                : null);
    var result = job("faulty://").build().run();
    assertThat(result.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(result.restarts()).isZero();
    assertThat(result.checkpoint().orElseThrow()).contains("/step-000000000012-");
    var text = String.valueOf(fault.getMessage()).replaceFirst("^java.io.IOException: ", "");
    assertThat(messages)
        .anyMatch(
            line ->
                line.startsWith("checkpoint: the state after 2 steps is not saved: rank 1: part")
                    && line.contains("/part-00001-of-00002.safetensors: " + text)
                    && line.contains("training continues"))
        .anyMatch(
            line ->
                line.startsWith("checkpoint: the state after 6 steps is not saved: manifest must")
                    && line.contains("/manifest.json: " + text));
    assertThat(directory.toFile().list()).noneMatch(n -> n.matches("step-0+[26]-.*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"part-00000-of-00002.safetensors", "manifest.json"})
  void theLastStateIsTriedAgain(String file) {
    var times = new AtomicInteger();
    FaultyFileSystem.setFault(
        (operation, path) -> {
          var hit = path.toString().matches(".*/step-0+12-.*/" + file);
          return hit && operation.matches("create|rename") && times.incrementAndGet() <= 2
              ? FaultyFileSystem.localDiskError("No space left on device")
              : null;
        });
    var result = job("faulty://").build().run();
    assertThat(times).hasValueGreaterThan(2);
    assertThat(result.checkpoint().orElseThrow()).contains("/step-000000000012-");
    assertThat(result.restarts()).isZero();
  }

  @Test
  void theLastStateMustBeSaved() {
    FaultyFileSystem.setFault(
        (operation, path) ->
            path.toString().matches(".*/step-0+12-.*/part-00000.*")
                ? FaultyFileSystem.localDiskError("No space left on device")
                : null);
    var failure = failure(job("faulty://"));
    assertThat(failure.category()).isEqualTo(BellowsException.Category.RETRYABLE);
    assertThat(failure)
        .hasMessageMatching(
            "checkpoint: the state after the last step, 12, must be saved; 5 tries failed"
                + " \\(RETRYABLE\\), the last: rank 0: part must be written;"
                + " faulty:.*/part-00000-of-00002.safetensors: No space left on device\\. Please"
                + " free space there or raise the quota, and run the job again with"
                + " resume\\(AUTO\\)");
    assertThat(messages).noneMatch(line -> line.contains("restart"));
    FaultyFileSystem.setFault(null);
    var again = job("faulty://").resume(Resume.AUTO).build().run();
    assertThat(again.startStep()).isEqualTo(10);
    assertThat(again.weightsSha256()).isEqualTo(expected.weightsSha256());
  }

  @Test
  void aRemovedDirectoryIsToldAndMadeAgain() {
    var job =
        TinyJob.slow(job("", (step, name) -> deleteAfter(step, 4)).evaluation(null).metric(null));
    var result = job.build().run();
    assertThat(result.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(messages)
        .filteredOn(line -> line.contains("was removed, with all that the job had written there"))
        .hasSize(1);
    assertThat(result.checkpoint().orElseThrow()).contains("/step-000000000012-");
  }

  @Test
  void removedDataThatIsNeededAtTheEndIsToldAtOnceAndWrittenAnew() {
    var result = TinyJob.slow(job("", (step, name) -> deleteAfter(step, 4))).build().run();
    assertThat(result.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(result.metric()).isEqualTo(expected.metric());
    assertThat(messages)
        .anyMatch(
            line ->
                line.matches(
                    "storage: data must stay while a job uses it; file:.*/data/evaluation/data-"
                        + "\\w+, which the evaluation at the end needs, was removed\\. .*"
                        + "going on from step (6|8|10) \\(restart 1 of 3\\)"));
  }

  private void deleteAfter(long step, long when) {
    if (step == when) {
      delete(directory);
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRemovedDirectoryThatCannotBeMadeAgainIsAnError() {
    var checkpoints = directory.resolve("in").resolve("checkpoints");
    var failure =
        failure(
            TinyJob.slow(
                job(
                        "",
                        (step, name) -> {
                          if (step == 4) {
                            delete(checkpoints.getParent());
                            try {
                              Files.createFile(checkpoints.getParent());
                            } catch (IOException e) {
                              throw new UncheckedIOException(e);
                            }
                          }
                        })
                    .checkpoint(checkpoints.toString(), CheckpointInterval.everySteps(2))));
    assertThat(failure)
        .hasMessageMatching(
            "checkpoint: directory must stay while a job uses it; file:.*/in/checkpoints was"
                + " removed and cannot be made again: .*");
  }

  @Test
  void allCheckpointsDamagedIsAnErrorUnlessStartedOver() throws IOException {
    job("").build().run();
    var names = new java.util.ArrayList<String>();
    for (var checkpoint : steps()) {
      names.add(checkpoint.getFileName().toString());
      if (names.size() == 1) {
        Files.delete(checkpoint.resolve("part-00000-of-00002.safetensors"));
      } else if (names.size() == 2) {
        Files.writeString(checkpoint.resolve("manifest.json"), "{");
      } else {
        Files.delete(checkpoint.resolve("manifest.json"));
      }
    }
    for (var resume : List.of(Resume.AUTO, Resume.REQUIRED)) {
      var failure = failure(job("").resume(resume));
      assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
      assertThat(failure)
          .hasMessageMatching(
              "resume: a checkpoint of file:.* must be whole; "
                  + names.get(2)
                  + " is damaged \\(there is no manifest.json\\), "
                  + names.get(1)
                  + " is damaged \\(manifest.json: manifest is not whole JSON: .*\\), "
                  + names.get(0)
                  + " is damaged \\(part-00000-of-00002.safetensors: does not exist\\)\\. Bring the"
                  + " files back, or start over with resume\\(START_OVER\\)");
    }
    assertThat(failure(job("")))
        .hasMessageContaining("must be without checkpoints of an earlier run");
    var over = job("").resume(Resume.START_OVER).build().run();
    assertThat(over.startStep()).isZero();
    assertThat(over.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(messages).anyMatch(line -> line.startsWith("checkpoint: starting over beside 2"));
    assertThat(steps()).extracting(p -> p.getFileName().toString()).containsAll(names);
    assertThat(job("").resume(Resume.AUTO).build().run().startStep()).isEqualTo(12);
  }

  @Test
  void aCheckpointWithoutItsManifestIsPassedOverWithALine() throws IOException {
    job("").build().run();
    var newest = steps().get(2);
    Files.delete(newest.resolve("manifest.json"));
    var again = job("").resume(Resume.AUTO).build().run();
    assertThat(again.startStep()).isEqualTo(10);
    assertThat(again.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(messages)
        .contains(
            "checkpoint: "
                + newest.getFileName()
                + " of step 12 is not complete and passed over; there is no manifest.json: its"
                + " writing did not end, or the file was removed");
  }

  private List<Path> steps() throws IOException {
    try (var all = Files.list(directory)) {
      return all.filter(p -> p.getFileName().toString().startsWith("step-")).sorted().toList();
    }
  }

  private static volatile CountDownLatch go = new CountDownLatch(0);

  private static Tensor waitingLoss(Tiny.Net model, Batch batch) {
    try {
      assertThat(go.await(90, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Tiny.loss(model, batch);
  }

  @Test
  void twoJobsInOneDirectoryAreRefusedByName() throws Exception {
    go = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    var first =
        CompletableFuture.supplyAsync(
            () ->
                job("")
                    .loss(CheckpointFaultsTest::waitingLoss)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void message(String line) {
                            if (line.startsWith("training on")) {
                              started.countDown();
                            }
                          }
                        })
                    .build()
                    .run());
    assertThat(started.await(90, TimeUnit.SECONDS)).isTrue();
    for (var resume : Resume.values()) {
      if (resume != Resume.REQUIRED) {
        var failure = failure(job("").seed(8).resume(resume));
        assertThat(failure.category()).isEqualTo(BellowsException.Category.USER);
        assertThat(failure)
            .hasMessageMatching(
                "checkpoint: a directory must be used by one job at a time; file:.* is in use by"
                    + " run \\w{8} \\(application "
                    + spark.sparkContext().applicationId()
                    + ", pid .*\\), which still runs\\. Wait until it ends or stop it, or take"
                    + " another directory");
      }
    }
    go.countDown();
    assertThat(first.get(90, TimeUnit.SECONDS).weightsSha256()).isEqualTo(expected.weightsSha256());
  }

  @Test
  void aJobWhoseDirectoryWasTakenStops() throws IOException {
    var taken = directory.resolve("lease-000002.json");
    var failure =
        failure(
            job(
                "",
                (step, name) -> {
                  if (step == 4) {
                    try {
                      var own = Files.readString(directory.resolve("lease-000001.json"));
                      Files.writeString(
                          taken, own.replaceFirst("\"run\" : \"\\w+\"", "\"run\" : \"0badcafe\""));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                }));
    assertThat(failure.category()).isEqualTo(BellowsException.Category.FATAL);
    assertThat(failure)
        .hasMessageMatching(
            "checkpoint: run \\w{8} must hold the lease of file:.*; run 0badcafe \\(.*\\) has taken"
                + " it.*");
    assertThat(steps())
        .filteredOn(p -> Files.exists(p.resolve("manifest.json")))
        .hasSize(2); // nothing was committed or removed since
    assertThat(directory.resolve("model.safetensors")).doesNotExist();
  }
}
