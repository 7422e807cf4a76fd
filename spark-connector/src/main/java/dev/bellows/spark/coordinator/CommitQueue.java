package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Gathers the parts of checkpoint attempts and commits those that are whole. An attempt that
 * storage does not take is given up with a warning; only that of the last step is tried again and
 * must succeed. All methods are called under the generation's lock; work on storage runs in the
 * executor, and its result comes back through {@link Listener#locked}.
 */
final class CommitQueue {
  /**
   * Most checkpoints that are planned, written or being committed at a time. Each fills storage
   * and, for a while, memory of the executors with a whole state.
   */
  static final int MAX_OPEN = 4;

  private final CheckpointAttempts attempts;
  private final CheckpointCommits commits;
  private final int worldSize;
  private final LongSupplier clock;
  private final Executor storage;
  private final Listener listener;
  private final Map<String, Attempt> open = new TreeMap<>();
  private int running;
  private boolean closed;

  /** An attempt to save one state: the part of each rank, or why there is none. */
  private static final class Attempt {
    final String name;
    final long done;
    final boolean last;
    final CheckpointPart[] parts;
    final String[] problems;
    boolean underWay;
    boolean waiting; // to be tried again
    long retryNanos;
    int tries;

    Attempt(String name, long done, boolean last, int worldSize) {
      this.name = name;
      this.done = done;
      this.last = last;
      this.parts = new CheckpointPart[worldSize];
      this.problems = new String[worldSize];
    }

    boolean isComplete() {
      return IntStream.range(0, parts.length)
          .allMatch(r -> parts[r] != null || problems[r] != null);
    }
  }

  /** Hears what becomes of attempts. */
  interface Listener {
    /** Runs an event under the generation's lock. */
    void locked(Runnable event);

    /** An attempt is over; {@code failure}: null, or why training must not go on. */
    void ended(BellowsException failure);

    /** A state is not saved; training goes on. */
    void notSaved(String warning);
  }

  /** A queue in front of {@code commits}; {@code attempts} null: no checkpoints. */
  CommitQueue(
      CheckpointAttempts attempts,
      CheckpointCommits commits,
      int worldSize,
      LongSupplier clock,
      Executor storage,
      Listener listener) {
    this.attempts = attempts;
    this.commits = commits;
    this.worldSize = worldSize;
    this.clock = clock;
    this.storage = storage;
    this.listener = listener;
  }

  boolean enabled() {
    return attempts != null;
  }

  /** Whether no checkpoint should be begun before one has ended. */
  boolean isFull() {
    return open.size() >= MAX_OPEN;
  }

  /** Whether no attempt is open and no work on storage under way. */
  boolean isIdle() {
    return open.isEmpty() && running == 0;
  }

  /** The attempt that has been open longest. */
  String oldest() {
    return open.keySet().stream().findFirst().orElse("");
  }

  /** Names an attempt; {@code last}: no step follows, so it must succeed. */
  String begin(long stepsDone, boolean last) {
    var name = attempts.begin(stepsDone);
    open.put(name, new Attempt(name, stepsDone, last, worldSize));
    return name;
  }

  void part(int rank, CheckpointPart part) {
    var attempt = open.get(part.getAttempt());
    if (attempt != null && !attempt.underWay) {
      attempt.parts[rank] = part;
      commitIfComplete(attempt);
    }
  }

  /** A rank cannot write its part of the state after so many steps. */
  void notWritten(int rank, long stepsDone, String problem) {
    for (var attempt : List.copyOf(open.values())) {
      if (attempt.done == stepsDone) {
        attempt.problems[rank] = problem;
        commitIfComplete(attempt);
      }
    }
  }

  /** Waits for all parts also where one failed: nobody writes any more when files are removed. */
  private void commitIfComplete(Attempt attempt) {
    if (!attempt.isComplete() || attempt.underWay) {
      return;
    }
    for (int rank = 0; rank < worldSize; rank++) {
      var problem = attempt.problems[rank];
      if (problem != null) {
        attempt.underWay = true;
        giveUp(attempt, "rank " + rank + ": " + problem, new CheckpointException(problem));
        return;
      }
    }
    requireEqual(attempt);
    attempt.underWay = true;
    commit(attempt);
  }

  private void giveUp(Attempt attempt, String problem, CheckpointException cause) {
    run(
        () -> {
          attempts.abandon(attempt.name);
          commits.requireUsable();
        },
        failure -> {
          if (failure == null) {
            notSaved(attempt, problem, cause);
          } else {
            end(attempt, failure);
          }
        });
  }

  /** Parts of states that differ make no checkpoint. */
  private static void requireEqual(Attempt attempt) {
    var first = attempt.parts[0].getStateCrc32C();
    for (int rank = 1; rank < attempt.parts.length; rank++) {
      var other = attempt.parts[rank].getStateCrc32C();
      if (!other.equals(first)) {
        throw BellowsException.fatal(
            message(
                "train: state after %s steps must be equal on all ranks; rank 0 has crc32c %s, rank"
                    + " %s has %s",
                attempt.done, first, rank, other));
      }
    }
  }

  private void commit(Attempt attempt) {
    attempt.waiting = false;
    attempt.tries++;
    var parts = List.of(attempt.parts);
    var mayRetry = attempt.last && attempt.tries < Tries.COUNT;
    run(
        () -> {
          try {
            commits.commit(attempt.done, attempt.name, parts);
          } catch (Throwable failure) {
            if (isOfStorage(failure) && !mayRetry) {
              attempts.abandon(attempt.name);
            }
            throw failure;
          }
        },
        failure -> {
          if (!isOfStorage(failure)) {
            end(attempt, failure);
          } else if (!mayRetry) {
            var text =
                failure instanceof CheckpointException
                    ? failure.getMessage()
                    : StorageFiles.reason(failure);
            notSaved(attempt, text, new CheckpointException(text, failure));
          } else if (closed) {
            abandon(attempt);
          } else {
            var pauseMs = Tries.pauseMs(attempt.tries, failure);
            attempt.retryNanos = clock.getAsLong() + pauseMs * 1_000_000;
            attempt.waiting = true;
          }
        });
  }

  private static boolean isOfStorage(Throwable failure) {
    return failure != null
        && !(failure instanceof BellowsException)
        && StorageFault.isPossible(failure);
  }

  /** Tries again what is due. */
  void tick(long now) {
    for (var attempt : List.copyOf(open.values())) {
      if (attempt.waiting && now - attempt.retryNanos >= 0) {
        commit(attempt);
      }
    }
  }

  private void notSaved(Attempt attempt, String problem, CheckpointException cause) {
    var why = problem.replace("checkpoint: ", "");
    if (attempt.last) {
      end(attempt, lastNotSaved(attempt, why, cause));
      return;
    }
    listener.notSaved(
        message(
            "checkpoint: the state after %s steps is not saved: %s; training goes on, and the next"
                + " checkpoint is tried. Until then, %s",
            attempt.done, why, StorageFault.of(cause).advice()));
    end(attempt, null);
  }

  private static BellowsException lastNotSaved(
      Attempt attempt, String why, CheckpointException cause) {
    var fault = StorageFault.of(cause);
    return new BellowsException(
        fault.category(),
        message(
            "checkpoint: the state after the last step, %s, must be saved; %s tries failed (%s),"
                + " the last: %s. Please %s, and run the job again with resume(AUTO)",
            attempt.done, Tries.COUNT, fault.category(), why, fault.advice()),
        cause);
  }

  private void end(Attempt attempt, Throwable failure) {
    open.remove(attempt.name);
    listener.ended(
        failure == null || failure instanceof BellowsException
            ? (BellowsException) failure
            : new BellowsException(
                BellowsException.Category.FATAL,
                message("checkpoint: cannot commit %s: %s", attempt.name, failure),
                failure));
  }

  /** Works on storage in the executor, and then goes on with what it threw, or null. */
  private void run(Runnable work, Consumer<Throwable> then) {
    running++;
    storage.execute(
        () -> {
          Throwable thrown = null;
          try {
            work.run();
          } catch (Throwable e) {
            thrown = e;
          }
          var failure = thrown;
          listener.locked(
              () -> {
                running--;
                then.accept(failure);
              });
        });
  }

  /** Lets work that is under way end and gives the other attempts up; nothing new is taken. */
  void close() {
    closed = true;
    for (var attempt : List.copyOf(open.values())) {
      if (!attempt.underWay || attempt.waiting) {
        abandon(attempt);
      }
    }
    open.clear();
  }

  private void abandon(Attempt attempt) {
    run(() -> attempts.abandon(attempt.name), failure -> end(attempt, null));
  }
}
