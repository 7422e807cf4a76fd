package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.bellows.optim.Adam;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests training with executors in separate JVMs, under the strictest serializer. */
@Tag("cluster")
@Timeout(180)
class TrainingJobClusterTest {
  private static SparkSession spark;
  private static Dataset<Row> frame;
  private static TrainingResult expected;

  /** Losses that this process has computed. */
  private static final AtomicInteger LOSSES = new AtomicInteger();

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    var builder = TinyJob.localClusterBuilder(2);
    TinyJob.strictSerializer().forEach(builder::config);
    spark = builder.getOrCreate();
    frame = TinyJob.frame(spark);
    expected = TinyJob.job(spark, frame).executors(1).build().run();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void sameBitsOnOneAndTwoExecutors() {
    var two = TinyJob.job(spark, frame).executors(2).build().run();
    assertThat(two.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(two.finalLoss()).isEqualTo(expected.finalLoss());
    assertThat(two.metric()).isEqualTo(expected.metric());
    assertThat(two.steps()).isEqualTo(12);
  }

  @Test
  void sameBitsAfterTheLossOfAnExecutor() throws IOException {
    var messages = new ArrayList<String>();
    var steps = new ArrayList<Long>();
    var killed = new AtomicBoolean();
    var killer =
        new TrainingListener() {
          @Override
          public void step(Progress progress) {
            steps.add(progress.step());
          }

          @Override
          public void checkpoint(long step, String name) {
            if (killed.compareAndSet(false, true)) {
              // The children of this process are the executors.
              ProcessHandle.current().children().findFirst().orElseThrow().destroyForcibly();
            }
          }

          @Override
          public void message(String line) {
            messages.add(line);
          }
        };
    var prepared = Files.createDirectory(directory.resolve("prepared")).toString();
    var after =
        TinyJob.stateful(spark, frame)
            .optimizer(
                parameters -> {
                  new File(prepared, Long.toString(ProcessHandle.current().pid())).mkdir();
                  return new Adam(parameters, 0.3);
                })
            .loss(
                (model, batch) -> {
                  awaitReplacement(prepared);
                  return Tiny.loss(model, batch);
                })
            .executors(2)
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .listener(killer)
            .build()
            .run();
    assertThat(messages)
        .anyMatch(line -> line.matches("executor \\d+ lost at step \\d+ \\(.*\\); 1 of 2 go on"))
        .anyMatch(line -> line.matches("executor \\d+ joined at step \\d+; 2 of 2 go on"));
    assertThat(after.restarts()).isZero();
    var each = LongStream.rangeClosed(1, after.steps()).boxed().toList();
    assertThat(steps).as("steps, each once").isEqualTo(each);
    assertSameAsStateful(after);
  }

  /** Makes training last until driver, both executors and a replacement have prepared. */
  private static void awaitReplacement(String prepared) {
    var mayGoOn = LOSSES.incrementAndGet() < 30;
    for (int i = 0; i < 600 && (i == 0 || !mayGoOn); i++) {
      LockSupport.parkNanos(50_000_000);
      mayGoOn |= new File(prepared).list().length > 3;
    }
  }

  /** Compares bits and decisions with those of an undisturbed job on one executor. */
  private static void assertSameAsStateful(TrainingResult after) {
    var undisturbed = TinyJob.stateful(spark, frame).executors(1).build().run();
    assertThat(undisturbed.steps()).isLessThan(40 * 4);
    assertThat(after.weightsSha256()).isEqualTo(undisturbed.weightsSha256());
    assertThat(after.metric()).isEqualTo(undisturbed.metric());
    assertThat(after.steps()).isEqualTo(undisturbed.steps());
    assertThat(after.modelStep()).isEqualTo(undisturbed.modelStep());
    assertThat(after.evaluations()).isEqualTo(undisturbed.evaluations());
  }

  @Test
  void snapshotsUnderTheStrictestSerializer() {
    SerializersClusterTest.snapshots(spark, directory.resolve("snapshots").toString());
  }

  /** Sends a signal; returns whether the process still existed. */
  private static boolean signal(String name, long pid) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      return kill.waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aHungExecutorIsReplacedAndFenced() throws Exception {
    var messages = new ArrayList<String>();
    var stopped = new AtomicReference<ProcessHandle>();
    var stopper =
        new TrainingListener() {
          @Override
          public void checkpoint(long step, String name) {
            if (stopped.get() == null) {
              stopped.set(ProcessHandle.current().children().findFirst().orElseThrow());
              assertThat(signal("STOP", stopped.get().pid())).isTrue();
            }
          }

          @Override
          public void message(String line) {
            messages.add(line);
          }
        };
    var before = executors();
    var after =
        TinyJob.slow(TinyJob.job(spark, frame))
            .executors(2)
            .checkpoint(directory.toString(), CheckpointInterval.everySteps(2))
            .listener(stopper)
            .build()
            .run();
    assertThat(after.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(after.restarts()).isZero();
    assertThat(after.executors()).isEqualTo(2);
    assertThat(messages)
        .anyMatch(m -> m.matches("executor \\d+ lost at .* \\(no sign of life .*; 1 of 2 go on"))
        .anyMatch(m -> m.matches("executor \\d+ gave no sign of life; it is replaced"));
    // If it is still there, it wakes up to its own end.
    signal("CONT", stopped.get().pid());
    stopped.get().onExit().get(60, TimeUnit.SECONDS);
    while (before.containsAll(executors())) { // until the timeout of the test
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void anExecutorWhoseTaskDoesNotEndIsReplaced() {
    var messages = new ArrayList<String>();
    var marker = directory.resolve("deaf").toString();
    var after =
        TinyJob.job(spark, frame)
            .loss(
                (model, batch) -> {
                  hangOnce(marker);
                  return Tiny.loss(model, batch);
                })
            .executors(2)
            .timeouts(
                Timeouts.defaults()
                    .withStep(Duration.ofSeconds(8))
                    .withSlots(Duration.ofSeconds(30)))
            .listener(
                new TrainingListener() {
                  @Override
                  public void message(String line) {
                    messages.add(line);
                  }
                })
            .build()
            .run();
    assertThat(after.weightsSha256()).isEqualTo(expected.weightsSha256());
    assertThat(after.restarts()).isEqualTo(1);
    assertThat(messages)
        .anyMatch(
            m -> m.matches("restart: waiting for the old tasks to end on executors \\[\\d+\\];.*"))
        .anyMatch(
            m -> m.matches("executor \\d+ did not end its task within 15000 ms; it is replaced"));
  }

  /** The first caller of all never returns, whoever interrupts it. */
  private static void hangOnce(String marker) {
    try {
      Files.createFile(Path.of(marker));
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (true) {
      LockSupport.parkNanos(1_000_000_000L);
      Thread.interrupted();
    }
  }

  private static List<String> executors() {
    var all = new ArrayList<String>();
    spark
        .sparkContext()
        .getExecutorIds()
        .foreach(
            id -> {
              all.add(id);
              return null;
            });
    return all;
  }

  @Test
  void sameBitsAfterDriverAndExecutorsAreKilled() throws Exception {
    var seed = Long.getLong("test.seed", System.nanoTime());
    var atCheckpoint = 1 + Math.floorMod(seed, 8);
    var log = directory.resolve("driver.log");
    var checkpoints = directory.resolve("checkpoints");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    for (var name : List.of("spark.testing", "spark.test.home")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), DriverMain.class.getName()));
    command.addAll(List.of(checkpoints.toString(), "2"));
    var driver =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (committed(checkpoints) < atCheckpoint && driver.isAlive()) {
        if (driver.waitFor(20, TimeUnit.MILLISECONDS)) {
          fail("the driver ended early, test.seed=%s: %s", seed, Files.readString(log));
        }
      }
    } finally {
      driver.descendants().forEach(ProcessHandle::destroyForcibly);
      driver.destroyForcibly().waitFor();
    }
    var after =
        TinyJob.stateful(spark, frame)
            .executors(1)
            .checkpoint(checkpoints.toString(), CheckpointInterval.everySteps(1))
            .keepLast(20)
            .resume(Resume.REQUIRED)
            .build()
            .run();
    assertThat(after.startStep()).as("test.seed=%s", seed).isBetween(1L, after.steps() - 1);
    assertSameAsStateful(after);
  }

  private static int committed(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return 0;
    }
    try (var all = Files.list(checkpoints)) {
      // Old ones go, so the newest number counts.
      return all.filter(c -> Files.exists(c.resolve("manifest.json")))
          .map(c -> c.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .mapToInt(name -> Integer.parseInt(name.substring(5, 17)))
          .max()
          .orElse(0);
    }
  }
}
