package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.StorageFault;
import dev.bellows.spark.checkpoint.Tries;
import dev.bellows.spark.data.StorageFiles;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the parts of checkpoint attempts and commits complete attempts. If storage fails, an
 * attempt is abandoned with a warning; only the attempt of the last step is retried and must
 * succeed. All methods are called under the generation's lock; work on storage runs in the
 * executor, which reports results through {@link Listener#locked}.
 */
final class CommitQueue {
  /**
   * Most checkpoints that are planned, written or being committed at a time. Each takes the size of
   * a whole state in storage and, for a while, in the memory of the executors.
   */
  static final int MAX_OPEN = 4;

  private static final Logger LOG = LoggerFactory.getLogger(CommitQueue.class);

  private final CheckpointAttempts attempts;
  private final CheckpointCommits commits;
  private final Supplier<Evaluations> evaluations;
  private final LongSupplier clock;
  private final Executor storage;
  private final Listener listener;
  private final Map<String, Attempt> open = new TreeMap<>();
  private long committed = -1;
  private int running;
  private boolean closed;

  /** Tracks an attempt to save one state: the part of each rank, or why there is none. */
  private static final class Attempt {
    final String name;
    final long done;
    final boolean last;
    final List<Member> ranks;
    final Map<Member, CheckpointPart> parts = new HashMap<>();
    final Map<Member, String> problems = new HashMap<>();
    boolean underWay;
    boolean waiting; // to be retried
    long retryNanos;
    int tries;

    Attempt(String name, long done, boolean last, List<Member> ranks) {
      this.name = name;
      this.done = done;
      this.last = last;
      this.ranks = List.copyOf(ranks);
    }

    boolean isComplete() {
      return ranks.stream().allMatch(this::isAnswered);
    }

    boolean isAnswered(Member member) {
      return parts.containsKey(member) || problems.containsKey(member);
    }

    List<CheckpointPart> partsByRank() {
      return ranks.stream().map(parts::get).toList();
    }
  }

  /** Receives the results of attempts. */
  interface Listener {
    /** Runs an event under the generation's lock. */
    void locked(Runnable event);

    /** Reports the end of an attempt; {@code failure}: null, or why training must stop. */
    void ended(BellowsException failure);

    /** Reports that a state is not saved; training continues. */
    void notSaved(String warning);
  }

  /**
   * Creates a queue in front of {@code commits}, which gives them the evaluations so far; {@code
   * attempts} null: no checkpoints.
   */
  CommitQueue(
      CheckpointAttempts attempts,
      CheckpointCommits commits,
      Supplier<Evaluations> evaluations,
      LongSupplier clock,
      Executor storage,
      Listener listener) {
    this.attempts = attempts;
    this.commits = commits;
    this.evaluations = evaluations;
    this.clock = clock;
    this.storage = storage;
    this.listener = listener;
  }

  boolean enabled() {
    return attempts != null;
  }

  /** Returns whether an attempt must end before the next one may begin. */
  boolean isFull() {
    return open.size() >= MAX_OPEN;
  }

  /** Returns whether an attempt to save the state after so many steps has not ended. */
  boolean isOpen(long stepsDone) {
    return open.values().stream().anyMatch(attempt -> attempt.done == stepsDone);
  }

  /**
   * Returns whether the newest checkpoint of this generation is of the state after so many steps.
   */
  boolean isCommitted(long stepsDone) {
    return committed == stepsDone;
  }

  /** Returns whether no attempt is open and no work on storage is in progress. */
  boolean isIdle() {
    return open.isEmpty() && running == 0;
  }

  /** Returns the attempt that has been open longest, or an empty text. */
  String oldest() {
    return open.keySet().stream().findFirst().orElse("");
  }

  /**
   * Begins an attempt and returns its name.
   *
   * @param last whether no step follows, so that it must succeed
   * @param ranks those that write a part each
   */
  String begin(long stepsDone, boolean last, List<Member> ranks) {
    var name = attempts.begin(stepsDone);
    open.put(name, new Attempt(name, stepsDone, last, ranks));
    return name;
  }

  void part(Member member, CheckpointPart part) {
    var attempt = open.get(part.getAttempt());
    if (attempt != null && !attempt.underWay) {
      attempt.parts.put(member, part);
      commitIfComplete(attempt);
    }
  }

  /** Records that a rank cannot write its part. */
  void notWritten(Member member, String name, String problem) {
    var attempt = open.get(name);
    if (attempt != null && !attempt.underWay) {
      attempt.problems.put(member, problem);
      commitIfComplete(attempt);
    }
  }

  /**
   * Abandons the attempts of which a part is missing that nobody writes.
   *
   * @param stepsDone that the ranks continue from: the state after them can be saved again
   * @param left the ranks that are left, with what they still write: each one part at a time
   */
  void regroup(long stepsDone, Collection<Member> left) {
    for (var attempt : List.copyOf(open.values())) {
      var missing =
          attempt.ranks.stream()
              .filter(m -> !attempt.isAnswered(m))
              .filter(m -> !left.contains(m) || !m.paused.getSaving().equals(attempt.name))
              .toList();
      if (attempt.underWay || missing.isEmpty()) {
        continue;
      }
      if (attempt.done < stepsDone) {
        var why = "rank " + attempt.ranks.indexOf(missing.get(0)) + " was lost";
        missing.forEach(member -> attempt.problems.put(member, why));
        commitIfComplete(attempt);
      } else {
        open.remove(attempt.name);
        abandon(attempt);
      }
    }
  }

  /** Waits for all parts even if one failed, so that files are removed after the last write. */
  private void commitIfComplete(Attempt attempt) {
    if (!attempt.isComplete() || attempt.underWay) {
      return;
    }
    for (int rank = 0; rank < attempt.ranks.size(); rank++) {
      var problem = attempt.problems.get(attempt.ranks.get(rank));
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

  /** Checks that all ranks wrote the same state. */
  private static void requireEqual(Attempt attempt) {
    var parts = attempt.partsByRank();
    var first = parts.get(0).getStateCrc32C();
    for (int rank = 1; rank < parts.size(); rank++) {
      var other = parts.get(rank).getStateCrc32C();
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
    var parts = attempt.partsByRank();
    // Complete up to the step: a rank reports a step before it sends its part of the state after.
    var known = evaluations.get().until(attempt.done);
    var mayRetry = attempt.last && attempt.tries < Tries.COUNT;
    run(
        () -> {
          try {
            commits.commit(attempt.done, attempt.name, parts, known);
          } catch (Throwable failure) {
            if (isOfStorage(failure) && !mayRetry) {
              attempts.abandon(attempt.name);
            }
            throw failure;
          }
        },
        failure -> {
          if (!isOfStorage(failure)) {
            committed = failure == null ? Math.max(committed, attempt.done) : committed;
            end(attempt, failure);
          } else if (!mayRetry) {
            var text =
                failure instanceof CheckpointException
                    ? failure.getMessage()
                    : StorageFiles.reason(failure);
            notSaved(attempt, text, new CheckpointException(text, failure));
          } else if (closed) {
            LOG.error("{} is not committed: {}", attempt.name, StorageFiles.reason(failure));
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

  /** Retries the commits that are due. */
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
            "checkpoint: the state after %s steps is not saved: %s; training continues, and the"
                + " next checkpoint is tried. Until then, %s",
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

  /** Runs work on storage in the executor, and then passes what it threw, or null, to then. */
  private void run(Runnable work, Consumer<Throwable> then) {
    running++;
    try {
      storage.execute(
          () -> {
            var failure = thrownBy(work);
            listener.locked(
                () -> {
                  running--;
                  then.accept(failure);
                });
          });
    } catch (RejectedExecutionException e) {
      running--; // the job has ended; retention of a later run removes the attempt
    }
  }

  private static Throwable thrownBy(Runnable work) {
    try {
      work.run();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** Abandons all attempts except those whose commit is in progress. */
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
