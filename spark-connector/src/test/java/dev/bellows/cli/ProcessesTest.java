package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ProcessesTest {
  private static final Termination QUICK =
      new Termination(Duration.ofMillis(300), Duration.ofSeconds(10));

  @TempDir private Path directory;

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("/bin/sh", "-c", script).start();
  }

  private static ProcessRecord record(Process process) {
    return ProcessRecord.of("test", process.toHandle(), Path.of("test.log"));
  }

  @Test
  void aProcessIsKnownUntilItEnds() throws Exception {
    Process process = shell("sleep 60");
    ProcessRecord record = record(process);
    assertThat(record.alive()).isTrue();
    assertThat(QUICK.end(List.of(record))).isEmpty();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(record.alive()).isFalse();
  }

  @Test
  void anotherProcessWithThatPidIsLeftAlone() throws Exception {
    Process process = shell("sleep 60");
    try {
      ProcessRecord now = record(process);
      ProcessRecord former = new ProcessRecord("master", now.pid(), now.start() - 1, now.log());
      assertThat(former.alive()).isFalse();
      assertThat(QUICK.end(List.of(former))).isEmpty();
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aProcessIsKnownByItsStartSinceBootWhichNoClockChanges() throws Exception {
    Process process = shell("read -r stat < /proc/self/stat && echo $stat; sleep 60");
    try (BufferedReader out = process.inputReader()) {
      String stat = out.readLine();
      assumeTrue(stat != null, "no /proc here");
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      assertThat(record(process).start()).isEqualTo(Long.parseLong(fields[19]));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void oneStartAtATime() throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> new LocalCluster(directory).start(new ClusterSpec(1, 1, "1g"), null))
          .isInstanceOf(CliException.class)
          .hasMessage("cluster start: one start at a time in %s; another is under way", directory);
    }
  }

  @Test
  void aDeafProcessIsForcedAndItsChildrenGoToo() throws Exception {
    Path ready = directory.resolve("ready");
    Process process =
        shell(
            "trap '' TERM; (trap '' TERM; sleep 60) & touch " + ready + "; while :; do wait; done");
    assertThat(Waiting.until(Duration.ofSeconds(10), () -> Files.exists(ready))).isTrue();
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).isNotEmpty();
    assertThat(QUICK.end(List.of(record(process)))).isEmpty();
    assertThat(children).noneMatch(ProcessRecord::runs);
  }

  @Test
  void aZombieHasEnded() throws Exception {
    // The outer shell never collects its child.
    Process process = shell("sh -c 'exit 0' & exec sleep 60");
    try {
      assertThat(
              Waiting.until(
                  Duration.ofSeconds(10),
                  () -> process.descendants().noneMatch(ProcessRecord::runs)))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void freePortsCanBeListenedOn() throws IOException {
    int port = LocalCluster.freePort();
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(socket.getLocalPort()).isEqualTo(port);
      assertThat(LocalCluster.freePort()).isNotEqualTo(port);
    }
  }

  @Test
  void stoppingAClusterEndsWhatItsStateNames() throws Exception {
    Process worker = shell("sleep 60");
    Files.createDirectories(directory.resolve("worker-1/app"));
    new ClusterState("spark://h:1", "http://h:2", 1, List.of(record(worker))).write(directory);
    LocalCluster cluster = new LocalCluster(directory);
    assertThatThrownBy(cluster::refuseIfRunning)
        .hasMessageContaining("spark://h:1 still runs; stop it with: bellows cluster stop");
    assertThat(cluster.stop()).isEqualTo(1);
    assertThat(worker.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("worker-1")).doesNotExist();
    assertThat(ClusterState.read(directory)).isEmpty();
    assertThat(cluster.stop()).isZero();
  }

  @Test
  void aWaitEndsAtItsDeadline() {
    assertThat(Waiting.until(Duration.ofMillis(120), () -> false)).isFalse();
    assertThat(Waiting.until(Duration.ZERO, () -> true)).isTrue();
  }
}
