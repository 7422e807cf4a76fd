package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
  private long last = -1;

  private record Attempt(long done, CheckpointPart[] parts) {}

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

  /** Whether the state after this many steps has been asked for. */
  boolean has(long stepsDone) {
    return last == stepsDone;
  }

  String begin(long stepsDone) {
    last = stepsDone;
    var attempt = commits.begin(stepsDone);
    open.put(attempt, new Attempt(stepsDone, new CheckpointPart[worldSize]));
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
    List<CheckpointPart> parts = List.of(attempt.parts());
    thread.execute(() -> commit(part.getAttempt(), attempt.done(), parts));
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

  /** Lets a commit that runs end; nothing new is taken. Later parts are ignored. */
  void close() {
    open.clear();
    if (thread != null) {
      thread.shutdown();
    }
  }

  /** Waits for the commit that runs when closed. */
  boolean awaitEnd(long timeoutMs) throws InterruptedException {
    return thread == null || thread.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
  }
}
