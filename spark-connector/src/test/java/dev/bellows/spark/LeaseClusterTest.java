package dev.bellows.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.spark.data.LocalSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs drivers in separate JVMs on one checkpoint directory: concurrently, killed, paused. */
@Tag("cluster")
@Tag("nightly")
@Timeout(300)
class LeaseClusterTest {
  private static final int HOUR_MS = 3_600_000;

  @TempDir private Path directory;
  private final List<Driver> drivers = new ArrayList<>();

  private record Driver(Process process, Path log) {
    String ended() throws Exception {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the end of a driver").isTrue();
      return Files.readAllLines(log).stream()
          .filter(line -> line.startsWith("ended: "))
          .findFirst()
          .orElseThrow(() -> new AssertionError(log()));
    }
  }

  @AfterEach
  void kill() throws InterruptedException {
    for (var driver : drivers) {
      driver.process().destroyForcibly().waitFor();
    }
  }

  private Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  private Driver driver(long seed, int leaseMs, Resume resume) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LeaseDriverMain.class.getName()));
    command.addAll(List.of(checkpoints().toString(), "" + seed, "" + leaseMs, resume.toString()));
    var log = directory.resolve("driver-" + drivers.size() + ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var driver = new Driver(process, log);
    drivers.add(driver);
    return driver;
  }

  private static String weights(long seed) {
    var spark = LocalSpark.session();
    return TinyJob.job(spark, TinyJob.frame(spark)).seed(seed).build().run().weightsSha256();
  }

  private void awaitCheckpoint(Driver driver, int step) throws IOException {
    var pattern = String.format("step-%012d-.*", step);
    while (true) {
      assertThat(driver.process().isAlive()).as("%s", driver.log()).isTrue();
      if (Files.isDirectory(checkpoints())) {
        try (var all = Files.list(checkpoints())) {
          if (all.anyMatch(
              c ->
                  c.getFileName().toString().matches(pattern)
                      && Files.exists(c.resolve("manifest.json")))) {
            return;
          }
        }
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static void signal(String name, Process process) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void ofTwoStartedTogetherOneTrainsItsOwnWeights() throws Exception {
    var seven = driver(7, 10_000, Resume.AUTO);
    var eight = driver(8, 10_000, Resume.AUTO);
    var ends = List.of(seven.ended(), eight.ended());
    var winner = ends.get(0).startsWith("ended: from 0 ") ? 0 : 1;
    assertThat(ends.get(winner)).isEqualTo("ended: from 0 " + weights(7 + winner));
    assertThat(ends.get(1 - winner))
        .as("the other")
        .matches(
            "ended: USER (checkpoint: a directory must be used by one job at a time; .* is in use"
                + " by run \\w{8} \\(application .*, pid "
                + drivers.get(winner).process().pid()
                + " on .*|resume: .*)");
  }

  @Test
  void aKilledDriverOfThisMachineIsSucceededAtOnce() throws Exception {
    var killed = driver(7, HOUR_MS, Resume.NEVER);
    awaitCheckpoint(killed, 2);
    killed.process().destroyForcibly().waitFor();
    assertThat(driver(7, HOUR_MS, Resume.AUTO).ended())
        .matches("ended: from ([2-9]|1\\d) " + weights(7));
  }

  @Test
  void aDriverThatWasPausedIsFenced() throws Exception {
    var paused = driver(7, 3_000, Resume.NEVER);
    awaitCheckpoint(paused, 2);
    signal("STOP", paused.process());
    var next = driver(7, HOUR_MS, Resume.AUTO).ended();
    assertThat(next).matches("ended: from ([2-9]|1\\d) " + weights(7));
    var model = Files.readAllBytes(checkpoints().resolve("model.safetensors"));
    var there = checkpoints().toFile().list();
    signal("CONT", paused.process());
    assertThat(paused.ended())
        .matches(
            "ended: FATAL checkpoint: run \\w{8} must hold the lease of .*; run \\w{8} \\(.*, pid "
                + drivers.get(1).process().pid()
                + " on .* has taken it, .*");
    assertThat(checkpoints().toFile().list()).contains(there);
    assertThat(checkpoints().resolve("model.safetensors")).hasBinaryContent(model);
  }
}
