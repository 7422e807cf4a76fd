package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Heartbeat;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.WaitNotice;
import dev.bellows.spark.checkpoint.CheckpointAttempts;
import dev.bellows.spark.checkpoint.CheckpointException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the workers of one Spark stage from their rendezvous to their end: they register, get ready,
 * execute plans and report. When one is lost, the others drop the unfinished step, form a new group
 * under the next {@link #epoch}, and go on; those that come later join them. This class holds the
 * current state and the data shared by all states; each state is a separate class. It starts no
 * thread, opens no socket and reads only the given clock: events arrive as method calls, and every
 * call is short.
 *
 * <pre>
 * RENDEZVOUS → READYING   every rank has a worker
 * RENDEZVOUS → FAILING    a worker reports a failure that may be a consequence
 * RENDEZVOUS → DRAINING   the first cause is known, the job ends, or timeouts.rendezvous is over
 * READYING   → TRAINING   all workers hold equal weights
 * READYING   → FAILING    a worker is lost, or reports a failure that may be a consequence
 * READYING   → DRAINING   the first cause is known, the job ends, or timeouts.step is over
 * TRAINING   → PAUSING    a worker is lost and the others can go on, a connection between two
 *                         broke, or another worker is ready to join
 * TRAINING   → FAILING    a worker is lost and the others cannot go on, or one reports a failure
 *                         that may be a consequence
 * TRAINING   → DRAINING   all have finished with equal weights and all commits have ended, the
 *                         first cause is known, the job ends, or timeouts.step is over
 * PAUSING    → PAUSING    another worker is lost
 * PAUSING    → ASSEMBLING all have left their group, so that it is known which steps they have done
 * PAUSING    → FAILING    as from TRAINING
 * PAUSING    → DRAINING   the first cause is known, the job ends, timeouts.step is over, or none
 *                         that is left holds the state
 * ASSEMBLING → TRAINING   all are connected in a new group and hold equal states
 * ASSEMBLING → PAUSING    a worker is lost, or a connection broke
 * ASSEMBLING → FAILING    as from TRAINING
 * ASSEMBLING → DRAINING   the first cause is known, the job ends, or timeouts.step is over
 * FAILING    → DRAINING   the first cause is known, the job ends, or the time to wait for it is over
 * DRAINING   → ENDED      all commits have ended, or timeouts.step is over
 * </pre>
 */
public final class Generation {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

  /** At least so much time between two warnings of stalled ranks. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * Settings of a generation.
   *
   * @param jobId name of the job, known to all its workers
   * @param number of the generation, from 0
   * @param worldSize number of ranks
   * @param leastSize number of ranks without which training does not go on after a loss
   * @param sharded whether each rank holds a part of the optimizer's state that no other has
   * @param shards number of logical shards, at least {@code worldSize}
   * @param startStep first step to run
   * @param checkpoint committed checkpoint of the state before it; empty: initial weights
   * @param evaluations those before it
   * @param lookahead plans sent ahead, at least 1
   * @param timeouts the deadlines
   */
  public record Settings(
      String jobId,
      int number,
      int worldSize,
      int leastSize,
      boolean sharded,
      int shards,
      long startStep,
      String checkpoint,
      Evaluations evaluations,
      int lookahead,
      Timeouts timeouts) {}

  final Settings settings;
  final Schedule schedule;
  final GenerationListener listener;
  final Members members;
  final StepReports reports;
  final CommitQueue commits;
  private final LongSupplier clock;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final Set<String> silentExecutors = new TreeSet<>();
  private Supplier<String> tasks = () -> "";
  private BiConsumer<Phase, Phase> observer = (from, to) -> {};
  private GenerationState state;
  private Evaluations evaluations;
  private final TreeMap<Long, Double> metrics = new TreeMap<>(); // of steps not yet complete
  private int epoch;
  private int broken;
  private long brokenStep;
  private long stallToldNanos;
  private long lastTickNanos;

  /**
   * Creates a generation that waits for its workers.
   *
   * @param attempts names and removes attempts to write checkpoints; null: no checkpoints
   * @param commits makes attempts checkpoints; null: no checkpoints
   * @param clock nanoseconds, as {@link System#nanoTime}
   * @param storage runs the commits of checkpoints, one after the other
   */
  public Generation(
      Settings settings,
      Schedule schedule,
      CheckpointAttempts attempts,
      CheckpointCommits commits,
      GenerationListener listener,
      LongSupplier clock,
      Executor storage) {
    this.settings = settings;
    this.schedule = schedule;
    this.listener = listener;
    this.clock = clock;
    this.members = new Members(settings.worldSize());
    this.reports = new StepReports(settings.shards(), settings.startStep());
    this.epoch = settings.number();
    this.commits =
        new CommitQueue(attempts, commits, this::evaluations, clock, storage, new Commits());
    this.evaluations = settings.evaluations();
    this.lastTickNanos = now();
    this.stallToldNanos = lastTickNanos - STALL_NANOS;
    this.state = new Rendezvous(this);
  }

  /** Returns the number of this generation. */
  public int number() {
    return settings.number();
  }

  String jobId() {
    return settings.jobId();
  }

  /** Sets the text about the workers' tasks that is reported during the rendezvous. */
  public synchronized void describeTasks(Supplier<String> text) {
    tasks = text;
  }

  String tasks() {
    return tasks.get();
  }

  /** Returns the executors that were silent for too long. */
  public synchronized Set<String> silentExecutors() {
    return Set.copyOf(silentExecutors);
  }

  /** Returns the evaluations so far, those before the generation included. */
  public synchronized Evaluations evaluations() {
    return evaluations;
  }

  /** Records a metric of any rank, which counts once all ranks have reported the step before it. */
  void evaluated(Evaluated evaluated) {
    if (!isEvaluated(evaluated.getSteps())) {
      metrics.put(evaluated.getSteps(), evaluated.getMetric());
      passEvaluations();
    }
  }

  boolean isEvaluated(long stepsDone) {
    return evaluations.results().stream().anyMatch(result -> result.step() == stepsDone);
  }

  /** Passes on the metrics of complete steps. */
  void passEvaluations() {
    while (!metrics.isEmpty() && metrics.firstKey() <= reports.next()) {
      var next = metrics.pollFirstEntry();
      evaluations = evaluations.with(next.getKey(), next.getValue());
      listener.evaluated(next.getKey(), next.getValue());
      var problem = schedule.rules().problem(evaluations);
      if (problem != null) {
        throw BellowsException.user(problem);
      }
    }
  }

  /** Returns the number of the latest group of ranks, the first of which is {@link #number}. */
  public synchronized int epoch() {
    return epoch;
  }

  int nextEpoch() {
    return ++epoch;
  }

  /** Returns how often connections broke at this step while no worker was lost. */
  int countBroken() {
    broken = brokenStep == reports.next() ? broken + 1 : 1;
    brokenStep = reports.next();
    return broken;
  }

  /** Completes when the generation is over, never exceptionally. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  long now() {
    return clock.getAsLong();
  }

  GenerationState state() {
    return state;
  }

  /** Calls {@code each} at every transition from now on. */
  void observe(BiConsumer<Phase, Phase> each) {
    observer = each;
  }

  /** Changes the state; no other method does. */
  void become(GenerationState next) {
    if (!state.phase().next().contains(next.phase())) {
      throw new IllegalStateException(
          message("generation: %s must not become %s", state.phase(), next.phase()));
    }
    LOG.debug("generation {}: {} → {}", number(), state.phase(), next.phase());
    observer.accept(state.phase(), next.phase());
    state = next;
    next.enter();
  }

  /** Registers a worker; returns why it is refused, or null. */
  synchronized String register(Register self, Connection connection) {
    var refusal = new String[1];
    guarded("a registration", () -> refusal[0] = state.register(self, connection));
    return refusal[0];
  }

  /** Handles a message of a registered worker. */
  synchronized void received(Connection connection, ToDriver message) {
    var member = members.of(connection);
    if (member != null && !state.phase().isOver()) {
      member.lastSeenNanos = now();
      guarded("a message of " + member.describe(), () -> state.received(member, message));
    }
  }

  /** Handles the loss of a worker's connection. */
  synchronized void disconnected(Connection connection, String why) {
    var member = members.of(connection);
    if (member != null && !state.phase().isOver()) {
      guarded("the end of " + member.describe(), () -> state.disconnected(member, why));
    }
  }

  /** Returns whether a worker has registered after the start. */
  synchronized boolean isLate(Connection connection) {
    var member = members.of(connection);
    return member != null && member.spare;
  }

  /** Ends the generation on behalf of the job or the user. */
  public synchronized void fail(BellowsException exception) {
    if (!state.phase().isOver()) {
      state.decided(exception);
    }
  }

  /** Milliseconds between two calls of {@link #tick}. */
  long tickMs() {
    return Math.max(1, settings.timeouts().lost().toMillis() / 16);
  }

  /** Checks the deadlines. */
  synchronized void tick() {
    var now = now();
    var stoodStill = now - lastTickNanos > settings.timeouts().lost().toNanos() / 2;
    lastTickNanos = now;
    commits.tick(now);
    state.tick(now);
    if (!stoodStill) { // else messages of workers may be waiting to be read
      state.checkWorkers(now);
    }
  }

  /** Handles an event; an exception ends the generation. */
  private void guarded(String what, Runnable handling) {
    try {
      handling.run();
    } catch (BellowsException e) {
      LOG.error("generation {}: {}", number(), e.getMessage(), e);
      fail(e);
    } catch (CheckpointException e) {
      fail(new BellowsException(BellowsException.Category.RETRYABLE, e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      LOG.error("generation {}: cannot handle {}", number(), what, e);
      fail(
          new BellowsException(
              BellowsException.Category.FATAL,
              message("coordinator: cannot handle %s: %s", what, e),
              e));
    }
  }

  /** Records a sign of life, and warns of a stall at most once in 30 s. */
  void heartbeat(Member member, Heartbeat heartbeat) {
    member.step = heartbeat.getStep();
    member.phase = heartbeat.getPhase();
    var now = now();
    if (!heartbeat.getStall().isEmpty() && now - stallToldNanos > STALL_NANOS) {
      stallToldNanos = now;
      listener.warned(
          message(
              "train: step %s: %s is stalled: %s",
              member.step, member.describe(), heartbeat.getStall()));
    }
  }

  void silent(Member member) {
    silentExecutors.add(member.self.getExecutorId());
  }

  /** Ends the generation if a wait is over that only progress restarts. */
  void checkProgress(WaitNotice wait, long now, Supplier<String> waited) {
    var limit = settings.timeouts().step();
    if (wait.isOver(now, limit)) {
      fail(
          BellowsException.retryable(
              message(
                  "train: step %s must make progress within %s ms (timeouts.step); %s",
                  reports.next(), limit.toMillis(), waited.get())));
    } else {
      wait.tick(
          now, limit, "timeouts.step", () -> "train: step " + reports.next() + ": " + waited.get());
    }
  }

  /** The results of commits, from the thread of the storage. */
  private final class Commits implements CommitQueue.Listener {
    @Override
    public void locked(Runnable event) {
      synchronized (Generation.this) {
        event.run();
      }
    }

    @Override
    public void ended(BellowsException failure) {
      if (failure != null) {
        fail(failure);
      }
      guarded("a commit", () -> state.commitEnded());
    }

    @Override
    public void notSaved(String warning) {
      LOG.warn("{}", warning);
      listener.warned(warning);
    }
  }
}
