package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Gathers the parts of checkpoint attempts and commits those that are whole, one after the other on
 * a thread of its own. An attempt that storage does not take is given up with a warning; only that
 * of the last step must succeed. All methods but the commit itself are called under the
 * generation's lock.
 */
final class CommitQueue {
  /**
   * Checkpoints that are planned, written or being committed at a time. Each fills storage and, for
   * a while, memory of the executors with a whole state; more than this are not of use to anybody.
   */
  static final int MAX_OPEN = 4;

  private final CheckpointCommits commits;
  private final int worldSize;
  private final Listener listener;
  private final ExecutorService thread;
  private final Map<String, Attempt> open = new ConcurrentSkipListMap<>();

  /** The part of each rank, or why there is none. */
  private record Attempt(
      long done,
      boolean last,
      CheckpointPart[] parts,
      String[] problems,
      AtomicBoolean committing) {
    boolean isComplete() {
      return IntStream.range(0, parts.length)
          .allMatch(r -> parts[r] != null || problems[r] != null);
    }
  }

  /** Hears what becomes of attempts, on the thread of the commits. */
  interface Listener {
    /** An attempt is over; {@code failure}: null, or why training must not go on. */
    void ended(String attempt, BellowsException failure);

    /** A state is not saved; training goes on. */
    void notSaved(String warning);
  }

  /** A queue in front of {@code commits}; null: no checkpoints. */
  CommitQueue(CheckpointCommits commits, int worldSize, Listener listener) {
    this.commits = commits;
    this.worldSize = worldSize;
    this.listener = listener;
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

  /** Whether no checkpoint should be begun before one has ended. */
  boolean isFull() {
    return open.size() >= MAX_OPEN;
  }

  /** The attempt that has been open longest. */
  String oldest() {
    return open.keySet().stream().findFirst().orElse("");
  }

  /** Names an attempt; {@code last}: no step follows, so it must succeed. */
  String begin(long stepsDone, boolean last) {
    var attempt = commits.begin(stepsDone);
    open.put(
        attempt,
        new Attempt(
            stepsDone,
            last,
            new CheckpointPart[worldSize],
            new String[worldSize],
            new AtomicBoolean()));
    return attempt;
  }

  void part(int rank, CheckpointPart part) {
    var attempt = open.get(part.getAttempt());
    if (attempt == null) {
      return;
    }
    attempt.parts()[rank] = part;
    endIfComplete(part.getAttempt(), attempt);
  }

  /** A rank cannot write its part of the state after so many steps. */
  void notWritten(int rank, long stepsDone, String problem) {
    open.forEach(
        (name, attempt) -> {
          if (attempt.done() == stepsDone) {
            attempt.problems()[rank] = problem;
            endIfComplete(name, attempt);
          }
        });
  }

  /** Waits for all also where one failed: nobody writes any more when files are removed. */
  private void endIfComplete(String name, Attempt attempt) {
    if (attempt.isComplete() && !attempt.committing().get()) {
      requireEqual(attempt);
      attempt.committing().set(true);
      thread.execute(() -> end(name, attempt));
    }
  }

  /** Parts of states that differ make no checkpoint. */
  private static void requireEqual(Attempt attempt) {
    if (Arrays.asList(attempt.parts()).contains(null)) {
      return;
    }
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

  private void end(String name, Attempt attempt) {
    BellowsException failure = null;
    try {
      commitOrGiveUp(name, attempt);
    } catch (BellowsException e) {
      failure = e;
    } catch (Throwable e) {
      failure =
          new BellowsException(
              BellowsException.Category.FATAL, "checkpoint: cannot commit " + name + ": " + e, e);
    }
    listener.ended(name, failure);
  }

  private void commitOrGiveUp(String name, Attempt attempt) throws Throwable {
    for (int rank = 0; rank < worldSize; rank++) {
      var problem = attempt.problems()[rank];
      if (problem != null) {
        commits.abandon(name);
        commits.requireUsable();
        notSaved(attempt, "rank " + rank + ": " + problem, new CheckpointException(problem));
        return;
      }
    }
    var parts = List.of(attempt.parts());
    try {
      Tries.run(
          () -> {
            commits.commit(attempt.done(), name, parts);
            return null;
          },
          () -> attempt.last() && !thread.isShutdown());
    } catch (BellowsException e) {
      throw e;
    } catch (Throwable e) {
      if (!StorageFault.isPossible(e)) {
        throw e;
      }
      commits.abandon(name);
      var text = e instanceof CheckpointException ? e.getMessage() : StorageFiles.reason(e);
      notSaved(attempt, text, new CheckpointException(text, e));
    }
  }

  private void notSaved(Attempt attempt, String problem, CheckpointException cause) {
    var fault = StorageFault.of(cause);
    var why = problem.replace("checkpoint: ", "");
    if (!attempt.last()) {
      listener.notSaved(
          "checkpoint: the state after "
              + attempt.done()
              + " steps is not saved: "
              + why
              + "; training goes on, and the next checkpoint is tried. Until then, "
              + fault.advice());
      return;
    }
    throw new BellowsException(
        fault.category(),
        "checkpoint: the state after the last step, "
            + attempt.done()
            + ", must be saved; "
            + Tries.COUNT
            + " tries failed ("
            + fault.category()
            + "), the last: "
            + why
            + ". Please "
            + fault.advice()
            + ", and run the job again with resume(AUTO)",
        cause);
  }

  /** Forgets an attempt that has ended. */
  void remove(String attempt) {
    open.remove(attempt);
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
