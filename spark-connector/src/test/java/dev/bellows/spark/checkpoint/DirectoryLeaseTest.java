package dev.bellows.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Time;
import dev.bellows.spark.data.StorageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemes: the local disk, a store whose rename replaces, and one that has none. */
@Timeout(120)
class DirectoryLeaseTest {
  /** Longer than any test: who waits for it to pass has failed. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir private Path temp;
  private final Configuration hadoop = FaultyFileSystem.configuration();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void noFaults() {
    FaultyFileSystem.setFault(null);
  }

  private DirectoryLease acquire(String scheme, Duration lease) throws InterruptedException {
    return DirectoryLease.acquire(
        scheme + temp, hadoop, owner("app-7", lease), told::add, Time.SYSTEM);
  }

  /** A holder that does not renew, as one that stands still. */
  private DirectoryLease stopped(String scheme, Duration lease) throws InterruptedException {
    return DirectoryLease.take(
        scheme + temp, hadoop, owner("app-1", lease), told::add, Time.SYSTEM);
  }

  private static LeaseOwner owner(String application, Duration lease) {
    return LeaseOwner.here(Lineage.newRun(new SecureRandom()), application, lease, Instant.now());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://", "s3a://"})
  void aSecondRunIsRefusedByName(String scheme) throws Exception {
    try (var first = acquire(scheme, Duration.ofSeconds(3))) {
      assertThat(first.term()).isEqualTo(1);
      assertThatThrownBy(() -> acquire(scheme, Duration.ofSeconds(3)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageMatching(
              "checkpoint: a directory must be used by one job at a time; .* is in use by run "
                  + first.run()
                  + " \\(application app-7, pid "
                  + ProcessHandle.current().pid()
                  + " on .*, since .*\\), which still runs\\. Wait until it ends or stop it, or"
                  + " take another directory");
      assertThat(told)
          .singleElement()
          .asString()
          .contains("is in use by run " + first.run(), "waiting up to 3000 ms for a sign");
      assertThat(first.require(null)).isFalse();
    }
    try (var next = acquire(scheme, LONG)) { // released: no wait
      assertThat(next.term()).isEqualTo(2);
    }
    assertThat(told).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://", "s3a://"})
  void ofManyAtOnceOneHasIt(String scheme) throws Exception {
    for (int round = 0; round < 5; round++) {
      // No renewals: all others would wait for an hour, and so are interrupted.
      var won = race(8, () -> stopped(scheme, LONG));
      assertThat(won).hasSize(1);
      won.get(0).require(null);
      won.get(0).close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://", "s3a://"})
  void anExpiredLeaseIsTakenOverByOne(String scheme) throws Exception {
    stopped(scheme, SHORT);
    var won = race(4, () -> acquire(scheme, LONG));
    assertThat(won).hasSize(1);
    assertThat(won.get(0).term()).isEqualTo(2);
    assertThat(told).anyMatch(line -> line.endsWith("it did not renew its lease for 400 ms"));
    won.get(0).close();
  }

  /** Starts all together, and interrupts those that wait when one has won. */
  private static List<DirectoryLease> race(int count, Callable<DirectoryLease> run)
      throws Exception {
    var pool = Executors.newFixedThreadPool(count);
    try {
      var results = new LinkedBlockingQueue<Object>();
      for (int i = 0; i < count; i++) {
        pool.execute(() -> results.add(result(run)));
      }
      var all = new ArrayList<Object>();
      while (all.size() < count) {
        var result = results.poll(60, TimeUnit.SECONDS);
        assertThat(result).as("after " + all).isNotNull();
        all.add(result);
        if (result instanceof DirectoryLease) {
          pool.shutdownNow();
        }
      }
      assertThat(all).hasAtLeastOneElementOfType(DirectoryLease.class);
      return all.stream()
          .filter(DirectoryLease.class::isInstance)
          .map(DirectoryLease.class::cast)
          .toList();
    } finally {
      pool.shutdownNow();
    }
  }

  private static Object result(Callable<DirectoryLease> run) {
    try {
      return run.call();
    } catch (Exception e) {
      return e;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://", "s3a://"})
  void aHolderThatStoodStillIsFenced(String scheme) throws Exception {
    var first = stopped(scheme, SHORT);
    try (var second = acquire(scheme, LONG)) {
      for (int i = 0; i < 2; i++) {
        var lost = catchThrowableOfType(BellowsException.class, () -> first.require("step-1"));
        assertThat(lost.category()).isEqualTo(BellowsException.Category.FATAL);
        assertThat(lost)
            .hasMessageMatching(
                "checkpoint: run "
                    + first.run()
                    + " must hold the lease of .*; run "
                    + second.run()
                    + " \\(application app-7, .*\\) has taken it, as this run did not renew it for"
                    + " 400 ms .* This run stops, and leaves the directory to that one");
        first.renew(); // disturbs nobody
      }
      first.close();
      second.renew();
      assertThat(second.require(null)).isFalse();
      assertThat(DirectoryLease.holder(scheme + temp, hadoop).orElseThrow().released()).isFalse();
    }
    assertThat(DirectoryLease.holder(scheme + temp, hadoop).orElseThrow().released()).isTrue();
  }

  @Test
  void aLeaseThatIsRenewedIsKeptHoweverLong() throws Exception {
    try (var first = acquire("", Duration.ofSeconds(2))) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> acquire("", SHORT)).hasMessageContaining("one job at a time");
      }
      assertThat(first.require(null)).isFalse();
    }
  }

  @Test
  void anEndedProcessOfThisMachineIsSucceededAtOnce() throws Exception {
    var child = new ProcessBuilder("true").start();
    child.waitFor();
    claim(1, owner(child.pid(), "1", here().machine()));
    try (var next = acquire("", LONG)) {
      assertThat(next.term()).isEqualTo(2);
    }
    // The number is another process's now.
    claim(3, owner(ProcessHandle.current().pid(), "1", here().machine()));
    try (var next = acquire("", LONG)) {
      assertThat(next.term()).isEqualTo(4);
    }
    assertThat(told)
        .hasSize(2)
        .allMatch(line -> line.matches("checkpoint: .* is taken over from run .*: it has ended"));
  }

  @Test
  void aProcessOfAnotherMachineIsNotJudged() throws Exception {
    var child = new ProcessBuilder("true").start();
    child.waitFor();
    claim(1, owner(child.pid(), "1", "another boot pid:[1]"));
    acquire("", LONG).close();
    claim(3, owner(child.pid(), "1", ""));
    acquire("", LONG).close();
    assertThat(told).filteredOn(l -> l.contains("waiting up to")).hasSize(2);
    assertThat(told).filteredOn(l -> l.contains("did not renew its lease")).hasSize(2);
  }

  private static LeaseOwner here() {
    return LeaseOwner.here("0000aaaa", "app-0", SHORT, Instant.now());
  }

  private static LeaseOwner owner(long pid, String start, String machine) {
    var here = here();
    return new LeaseOwner(
        here.run(),
        here.application(),
        here.user(),
        here.host(),
        machine,
        pid,
        start,
        here.since(),
        here.leaseMs());
  }

  private void claim(long term, LeaseOwner owner) throws IOException {
    var path = new org.apache.hadoop.fs.Path(temp.toString());
    assertThat(new LeaseFiles(StorageFiles.fileSystem(path, hadoop), path).claim(term, owner))
        .isTrue();
  }

  @Test
  void anUnfinishedClaimIsWaitedFor() throws Exception {
    Files.createFile(temp.resolve("lease-000001.json"));
    try (var next = acquire("", SHORT)) {
      assertThat(next.term()).isEqualTo(2);
    }
    assertThat(told).anyMatch(line -> line.contains("is in use by an unknown run"));
  }

  @Test
  void aClaimMadeTooLateIsWithdrawn() throws Exception {
    // A contender looked when term 1 was the highest, and stood still while others came and went.
    stopped("", SHORT);
    acquire("", SHORT).close();
    try (var third = acquire("", LONG)) {
      assertThat(third.term()).isEqualTo(3);
      claim(2, owner(1, "1", "")); // what it then does
      assertThat(third.require(null)).isFalse();
    }
    try (var fourth = acquire("", LONG)) {
      assertThat(fourth.term()).isEqualTo(4);
    }
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("lease-000004.json", "lease-000004.beat");
    }
  }

  @Test
  void aRemovedDirectoryIsMadeAgain() throws Exception {
    try (var lease = stopped("", LONG)) {
      delete();
      assertThat(lease.require(null)).isTrue();
      assertThat(lease.require(null)).isFalse();
      delete();
      lease.renew();
      assertThat(told).containsExactly(lease.removed());
      assertThat(lease.removed()).contains(temp.toString(), "was removed");
      assertThat(lease.require(null)).isFalse();
    }
  }

  @Test
  void aRemovedDirectoryThatAnotherTookIsItsOwn() throws Exception {
    var first = stopped("", SHORT);
    delete();
    try (var second = stopped("", LONG)) {
      assertThat(second.term()).isEqualTo(1);
      assertThatThrownBy(() -> first.require(null))
          .isInstanceOf(BellowsException.class)
          .hasMessageContaining("run " + second.run());
      assertThat(second.require(null)).isFalse();
    }
  }

  @Test
  void aRemovedDirectoryThatCannotBeMadeAgainIsAnError() throws Exception {
    var lease = stopped("", LONG);
    delete();
    Files.createFile(temp);
    assertThatThrownBy(() -> lease.require(null))
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "checkpoint: directory must stay while a job uses it; file:.* was removed and cannot"
                + " be made again: .*; make sure that .*");
  }

  @Test
  void storageThatDoesNotAnswerIsNoLoss() throws Exception {
    try (var lease = stopped("faulty://", LONG)) {
      FaultyFileSystem.setFault((op, path) -> new java.net.ConnectException("refused"));
      assertThatThrownBy(() -> lease.require(null))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("lease must be readable");
      lease.renew();
      FaultyFileSystem.setFault(null);
      assertThat(lease.require(null)).isFalse();
    }
  }

  @Test
  void theNewestCheckpointIsHandedOn() throws Exception {
    try (var first = stopped("", LONG)) {
      assertThat(first.previousNewest()).isNull();
      first.require("step-9");
    }
    try (var second = stopped("", LONG)) {
      assertThat(second.previousNewest()).isEqualTo("step-9");
    }
    try (var third = stopped("", LONG)) {
      assertThat(third.previousNewest()).isEqualTo("step-9");
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
