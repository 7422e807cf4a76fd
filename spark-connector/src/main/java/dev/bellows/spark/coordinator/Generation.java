package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Metric;
import dev.bellows.proto.coordinator.Plans;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Release;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.Timeouts;
import dev.bellows.spark.WaitNotice;
import dev.bellows.spark.checkpoint.CheckpointException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership from its rendezvous to its end: the workers come, get ready, obey plans and
 * report; the loss of one ends it for all. Holds no thread and no socket: others call in, and every
 * call is short. Phases: rendezvous (all register) → readying (all prepare their start state) →
 * training → ended.
 */
public final class Generation {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

  /** At least so much time between two warnings of stalled ranks. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Preparing and registering take some seconds, a step may take many. */
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private static final Duration FIRST_WORD_OF_STEP = Duration.ofSeconds(30);

  private static final long COMMIT_POLL_MS = 1_000;
  private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * What a generation is given.
   *
   * @param jobId name of the job, known to all its workers
   * @param number of the generation, from 0
   * @param worldSize number of ranks
   * @param shards number of logical shards, at least {@code worldSize}
   * @param startStep first step to run
   * @param checkpoint committed checkpoint of the state before it; empty: initial weights
   * @param lookahead plans sent ahead, at least 1
   * @param timeouts the deadlines
   */
  public record Settings(
      String jobId,
      int number,
      int worldSize,
      int shards,
      long startStep,
      String checkpoint,
      int lookahead,
      Timeouts timeouts) {}

  private enum Phase {
    RENDEZVOUS,
    READYING,
    TRAINING,
    ENDED
  }

  private final Settings settings;
  private final Schedule schedule;
  private final CommitQueue commits;
  private final GenerationListener listener;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final FirstCause cause = new FirstCause();
  private final Member[] members;
  private final StepReports reports;
  private final Set<String> silentExecutors = new TreeSet<>();
  private WaitNotice notice;
  private Supplier<String> tasks = () -> "";
  private Phase phase = Phase.RENDEZVOUS;
  private long nextPlan;
  private boolean stopPlanned;
  private long progressNanos;
  private long stallToldNanos = System.nanoTime() - STALL_NANOS;
  private long lastTickNanos;
  private long endNanos = Long.MAX_VALUE;

  /**
   * A generation that waits for its workers.
   *
   * @param commits null: no checkpoints
   */
  public Generation(
      Settings settings,
      Schedule schedule,
      CheckpointCommits commits,
      GenerationListener listener) {
    this.settings = settings;
    this.schedule = schedule;
    this.listener = listener;
    this.members = new Member[settings.worldSize()];
    this.reports = new StepReports(settings.worldSize(), settings.shards(), settings.startStep());
    this.nextPlan = settings.startStep();
    this.commits = new CommitQueue(commits, settings.worldSize(), new Commits());
    this.progressNanos = System.nanoTime();
    this.lastTickNanos = progressNanos;
    this.notice = new WaitNotice(listener::warned, progressNanos, FIRST_WORD);
  }

  /** The number of this generation. */
  public int number() {
    return settings.number();
  }

  String jobId() {
    return settings.jobId();
  }

  /** What to say of the workers' tasks while workers are waited for. */
  public synchronized void describeTasks(Supplier<String> text) {
    tasks = text;
  }

  /** The executors that gave no sign of life for too long. */
  public synchronized Set<String> silentExecutors() {
    return Set.copyOf(silentExecutors);
  }

  /** Completed when the generation is over, never exceptionally. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /** A worker has come. Answers why it is refused, or null. */
  synchronized String register(Register self, Connection connection) {
    var rank = self.getRank();
    if (phase != Phase.RENDEZVOUS) {
      return "generation " + number() + " is past its rendezvous";
    }
    if (rank < 0 || rank >= members.length) {
      return "rank must be less than the world size; got " + rank + " of " + members.length;
    }
    if (members[rank] != null) {
      return "rank " + rank + " is taken by " + members[rank].describe();
    }
    members[rank] = new Member(self, connection, System.nanoTime());
    if (!Arrays.asList(members).contains(null)) {
      guarded("the last worker's coming", this::startReadying);
    }
    return null;
  }

  private void startReadying() {
    phase = Phase.READYING;
    progress();
    LOG.info(
        "generation {}: {} workers: {}",
        number(),
        members.length,
        Arrays.stream(members).map(Member::describe).collect(Collectors.joining(", ")));
    startIfReady();
  }

  /** A message of a registered worker. */
  void received(int rank, ToDriver message) {
    received(rank, message, System.nanoTime());
  }

  synchronized void received(int rank, ToDriver message, long now) {
    var member = members[rank];
    if (phase == Phase.ENDED || member == null) {
      return;
    }
    member.lastSeenNanos = now;
    guarded("a message of " + member.describe(), () -> dispatch(member, message));
  }

  /** What fails on the way ends the generation. */
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
              BellowsException.Category.FATAL, "coordinator: cannot handle " + what + ": " + e, e));
    }
  }

  private void dispatch(Member member, ToDriver message) {
    var early = message.hasHeartbeat() || message.hasReady() || message.hasFailure();
    if (phase == Phase.RENDEZVOUS && !early) {
      throw unexpected(member, message);
    }
    switch (message.getMessageCase()) {
      case READY -> ready(member, message.getReady());
      case REPORT -> report(member, message.getReport());
      case PART -> part(member, message.getPart());
      case FAILURE -> failed(member, message.getFailure());
      case FINISHED -> finished(member, message.getFinished());
      case HEARTBEAT -> {
        member.step = message.getHeartbeat().getStep();
        member.phase = message.getHeartbeat().getPhase();
        stalled(member, message.getHeartbeat().getStall());
      }
      default -> throw unexpected(member, message);
    }
  }

  /** Tells the user of a wait that is longer than usual, from time to time. */
  private void stalled(Member member, String stall) {
    var now = System.nanoTime();
    if (!stall.isEmpty() && now - stallToldNanos > STALL_NANOS) {
      stallToldNanos = now;
      listener.warned(
          "train: step " + member.step + ": " + member.describe() + " is stalled: " + stall);
    }
  }

  private static BellowsException unexpected(Member member, ToDriver message) {
    return BellowsException.fatal(
        "coordinator: unexpected message of "
            + member.describe()
            + ": "
            + message.getMessageCase());
  }

  private void ready(Member member, Ready ready) {
    member.readyWeights = ready.getWeightsSha256();
    member.backend = ready.getBackend();
    startIfReady();
  }

  private void startIfReady() {
    if (phase != Phase.READYING || Arrays.stream(members).anyMatch(m -> m.readyWeights == null)) {
      return;
    }
    EqualRanks.require(members, "weights at the start", m -> m.readyWeights);
    EqualRanks.unequalBackends(members).ifPresent(listener::warned);
    phase = Phase.TRAINING;
    notice = new WaitNotice(listener::warned, System.nanoTime(), FIRST_WORD_OF_STEP);
    progress();
    sendAll(Member.membership(settings, members));
    planAhead();
  }

  private void planAhead() {
    var plans = Plans.newBuilder();
    while (!stopPlanned && nextPlan < reports.next() + settings.lookahead()) {
      var done = nextPlan + 1;
      var save = commits.enabled() && done <= schedule.steps() && schedule.checkpointAfter(done);
      if (save && commits.isFull()) {
        break; // until a commit has ended
      }
      var plan = schedule.plan(nextPlan);
      stopPlanned = plan.getStop();
      if (save) {
        var last = done == schedule.steps();
        plan.setCheckpoint(commits.begin(done, last));
      }
      plans.addPlans(plan);
      nextPlan++;
    }
    if (plans.getPlansCount() > 0) {
      sendAll(ToWorker.newBuilder().setPlans(plans).build());
    }
  }

  private void report(Member member, Report report) {
    reports.add(member.rank(), report);
    for (var done = reports.poll(); done != null; done = reports.poll()) {
      progress();
      listener.step(reports.summary(done));
      evaluated(done);
      planAhead();
    }
  }

  private void progress() {
    progressNanos = System.nanoTime();
    notice.restart(progressNanos);
  }

  private void evaluated(Report[] done) {
    var metrics = new ArrayList<Metric>();
    for (var report : done) {
      metrics.addAll(report.getMetricsList());
    }
    if (!metrics.isEmpty()) {
      var total = StepReports.total(metrics);
      listener.evaluated(done[0].getStep() + 1, total.sum(), total.rows());
    }
  }

  private void part(Member member, CheckpointPart part) {
    progress();
    commits.part(member.rank(), part);
  }

  /** The results of commits, on their thread. */
  private final class Commits implements CommitQueue.Listener {
    @Override
    public void ended(String attempt, BellowsException failure) {
      synchronized (Generation.this) {
        progress();
        commits.remove(attempt);
        if (failure != null) {
          fail(failure);
        } else if (phase == Phase.TRAINING) {
          guarded("a commit", Generation.this::planAhead);
          guarded("a commit", Generation.this::endIfFinished);
        }
      }
    }

    @Override
    public void notSaved(String warning) {
      LOG.warn("{}", warning);
      listener.warned(warning);
    }
  }

  private void failed(Member member, Failure failure) {
    if (failure.getCategory() == Category.NONE) {
      progress();
      commits.notWritten(member.rank(), failure.getStep(), failure.getMessage());
      return;
    }
    member.failed = true;
    logFailure(member, failure);
    if (cause.reported(failure.getCategory(), failure.getMessage())) {
      end();
    } else {
      endSoon();
    }
  }

  /** With the stack where somebody has to look into it, and not for what follows from it. */
  private void logFailure(Member member, Failure failure) {
    var line =
        String.format(
            Locale.ROOT,
            "generation %d: %s failed at step %d (%s): %s",
            number(),
            member.describe(),
            failure.getStep(),
            failure.getCategory(),
            failure.getMessage());
    if (failure.getCategory() == Category.RETRYABLE) {
      LOG.info("{}", line);
      LOG.debug("{}", failure.getDetail());
    } else {
      LOG.error("{}\n{}", line, failure.getDetail());
    }
  }

  private void finished(Member member, Finished finished) {
    progress();
    member.finished = finished;
    endIfFinished();
  }

  private void endIfFinished() {
    if (phase != Phase.TRAINING
        || cause.isKnown()
        || Arrays.stream(members).anyMatch(m -> m.finished == null)
        || !commits.isIdle()) {
      return;
    }
    EqualRanks.require(members, "weights at the end", m -> m.finished.getWeightsSha256());
    end();
  }

  /** A worker's connection is gone. */
  synchronized void disconnected(int rank, Connection connection, String why) {
    var member = members[rank];
    if (phase == Phase.ENDED || member == null || member.connection != connection) {
      return;
    }
    if (phase == Phase.RENDEZVOUS) {
      LOG.info("generation {}: {} left before the start: {}", number(), member.describe(), why);
      members[rank] = null;
    } else if (!member.failed) {
      lost(member, why);
    }
  }

  private void lost(Member member, String why) {
    LOG.warn("generation {}: {} is lost: {}", number(), member.describe(), why);
    cause.lost("train: step " + reports.next() + ": " + member.describe() + " is lost: " + why);
    endSoon();
  }

  /** Ends the generation: the job behind the workers, or the user, says so. */
  public synchronized void fail(BellowsException exception) {
    if (phase != Phase.ENDED) {
      cause.decided(exception);
      end();
    }
  }

  private void endSoon() {
    endNanos = Math.min(endNanos, System.nanoTime() + GRACE_NANOS);
  }

  /** How long to wait between two looks at the deadlines. */
  long tickMs() {
    return Math.max(1, settings.timeouts().lost().toMillis() / 16);
  }

  /** Looks at the deadlines. */
  synchronized void tick(long now) {
    if (phase == Phase.ENDED) {
      return;
    }
    var pause = now - lastTickNanos;
    lastTickNanos = now;
    if (now - endNanos >= 0 && cause.isKnown()) {
      end();
      return;
    }
    if (pause > settings.timeouts().lost().toNanos() / 2) {
      return; // this process stood still: hear the others first
    }
    if (phase == Phase.RENDEZVOUS) {
      checkRendezvous(now);
    } else {
      checkHeartbeats(now);
      checkProgress(now);
    }
  }

  private void checkRendezvous(long now) {
    var limit = settings.timeouts().rendezvous();
    if (now - progressNanos <= limit.toNanos()) {
      notice.tick(
          now,
          limit,
          "timeouts.rendezvous",
          () -> "rendezvous: waiting for all workers to register; " + came() + "; " + tasks.get());
      return;
    }
    fail(
        BellowsException.retryable(
            "rendezvous: all workers must register within "
                + limit.toMillis()
                + " ms (timeouts.rendezvous); "
                + came()));
  }

  private String came() {
    var came = Arrays.stream(members).filter(m -> m != null).map(Member::describe).toList();
    return came.size()
        + " of "
        + members.length
        + " came"
        + (came.isEmpty() ? "" : ": " + String.join(", ", came));
  }

  private void checkHeartbeats(long now) {
    for (var member : members) {
      var silentMs = (now - member.lastSeenNanos) / 1_000_000;
      if (!member.failed && silentMs > settings.timeouts().lost().toMillis()) {
        member.failed = true;
        silentExecutors.add(member.self.getExecutorId());
        lost(member, "no sign of life for " + silentMs + " ms");
      }
    }
  }

  private void checkProgress(long now) {
    var limit = settings.timeouts().step();
    if (cause.isKnown()) {
      return;
    }
    if (now - progressNanos <= limit.toNanos()) {
      notice.tick(
          now, limit, "timeouts.step", () -> "train: step " + reports.next() + ": " + waited());
      return;
    }
    fail(
        BellowsException.retryable(
            "train: step "
                + reports.next()
                + " must make progress within "
                + limit.toMillis()
                + " ms (timeouts.step); "
                + waited()));
  }

  private String waited() {
    if (nextPlan == reports.next() && !stopPlanned && commits.isFull()) {
      return "waited for the commit of checkpoint "
          + commits.oldest()
          + ", as storage is slower than checkpoints are asked for";
    }
    List<Integer> waited =
        phase == Phase.READYING
            ? Arrays.stream(members).filter(m -> m.readyWeights == null).map(Member::rank).toList()
            : reports.missing();
    return "waited for "
        + waited.stream()
            .map(r -> members[r].describe() + " (" + members[r].phase + ")")
            .collect(Collectors.joining(", "));
  }

  private void end() {
    phase = Phase.ENDED;
    commits.close();
    var failure = cause.get();
    var release = Release.newBuilder();
    if (failure != null) {
      release
          .setCategory(FirstCause.category(failure.category()))
          .setCause(String.valueOf(failure.getMessage()));
    }
    var message = ToWorker.newBuilder().setRelease(release).build();
    for (var member : members) {
      if (member != null) {
        member.connection.send(message);
      }
    }
    outcome.completeAsync(() -> outcomeOf(failure), Generation::inThread);
  }

  private static void inThread(Runnable run) {
    var thread = new Thread(run, "bellows-generation-end");
    thread.setDaemon(true);
    thread.start();
  }

  private Outcome outcomeOf(BellowsException failure) {
    if (!awaitCommits()
        && (failure == null || failure.category() == BellowsException.Category.RETRYABLE)) {
      var message =
          "checkpoint: a commit must end within "
              + settings.timeouts().step().toMillis()
              + " ms (timeouts.step), before training can go on; it still runs";
      return Outcome.failed(
          new BellowsException(
              BellowsException.Category.FATAL,
              failure == null ? message : message + "; before that: " + failure.getMessage(),
              failure));
    }
    if (failure != null) {
      return Outcome.failed(failure);
    }
    var metrics = new ArrayList<Metric>();
    for (var member : members) {
      metrics.addAll(member.finished.getMetricsList());
    }
    var total = StepReports.total(metrics);
    return new Outcome(
        null, EqualRanks.hex(members[0].finished.getWeightsSha256()), total.sum(), total.rows());
  }

  private boolean awaitCommits() {
    var limit = settings.timeouts().step();
    var start = System.nanoTime();
    var wait = new WaitNotice(listener::warned, start, FIRST_WORD);
    while (!commits.awaitEnd(Math.min(COMMIT_POLL_MS, limit.toMillis()))) {
      var now = System.nanoTime();
      if (now - start >= limit.toNanos() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      wait.tick(now, limit, "timeouts.step", () -> "checkpoint: waiting for a commit to end");
    }
    return true;
  }

  private void sendAll(ToWorker message) {
    for (var member : members) {
      member.connection.send(message);
    }
  }
}
