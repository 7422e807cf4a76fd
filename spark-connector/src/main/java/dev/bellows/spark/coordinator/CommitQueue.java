package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.BellowsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Gathers the parts of checkpoint attempts and commits those that are whole, one after the other on
 * a thread of its own. All methods but the commit itself are called under the generation's lock.
 */
final class CommitQueue {
  private final CheckpointCommits commits;
  private final int worldSize;
  private final Consumer<RuntimeException> done;
  private final ExecutorService thread;
  private final Map<String, Attempt> open = new ConcurrentHashMap<>();

  private record Attempt(long done, CheckpointPart[] parts, AtomicBoolean committing) {}

  /**
   * A queue in front of {@code commits}.
   *
   * @param done told of each commit, with null or what failed
   */
  CommitQueue(CheckpointCommits commits, int worldSize, Consumer<RuntimeException> done) {
    this.commits = commits;
    this.worldSize = worldSize;
    this.done = done;
    this.thread =
        commits == null
            ? null
            : Executors.newSingleThreadExecutor(
                run -> {
                  var result = new Thread(run, "bellows-checkpoint-commit");
                  result.setDaemon(true);
                  return result;
                });
  }

  boolean enabled() {
    return commits != null;
  }

  String begin(long stepsDone) {
    var attempt = commits.begin(stepsDone);
    open.put(attempt, new Attempt(stepsDone, new CheckpointPart[worldSize], new AtomicBoolean()));
    return attempt;
  }

  void part(int rank, CheckpointPart part) {
    var attempt = open.get(part.getAttempt());
    if (attempt == null) {
      return;
    }
    attempt.parts()[rank] = part;
    if (Arrays.asList(attempt.parts()).contains(null)) {
      return;
    }
    requireEqual(attempt);
    attempt.committing().set(true);
    List<CheckpointPart> parts = List.of(attempt.parts());
    thread.execute(() -> commit(part.getAttempt(), attempt.done(), parts));
  }

  /** Parts of states that differ make no checkpoint. */
  private static void requireEqual(Attempt attempt) {
    var first = attempt.parts()[0].getStateCrc32C();
    for (int rank = 1; rank < attempt.parts().length; rank++) {
      var other = attempt.parts()[rank].getStateCrc32C();
      if (!other.equals(first)) {
        throw BellowsException.fatal(
            "train: state after "
                + attempt.done()
                + " steps must be equal on all ranks; rank 0 has crc32c "
                + first
                + ", rank "
                + rank
                + " has "
                + other);
      }
    }
  }

  private void commit(String name, long stepsDone, List<CheckpointPart> parts) {
    RuntimeException failure = null;
    try {
      commits.commit(stepsDone, name, parts);
    } catch (RuntimeException e) {
      failure = e;
    }
    open.remove(name);
    done.accept(failure);
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  /** Lets commits that are under way end and gives the other attempts up; nothing new is taken. */
  void close() {
    if (thread == null) {
      return;
    }
    open.forEach(
        (name, attempt) -> {
          if (!attempt.committing().get()) {
            thread.execute(() -> commits.abandon(name));
          }
        });
    open.clear();
    thread.shutdown();
  }

  /** Waits for what is under way when closed; false if it did not end. */
  boolean awaitEnd(long timeoutMs) {
    try {
      return thread == null || thread.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
