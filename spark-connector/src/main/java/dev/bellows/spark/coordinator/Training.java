package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Plan;
import dev.bellows.proto.coordinator.Plans;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;

/** Sends plans and collects reports until all workers have finished and all commits have ended. */
final class Training extends Elastic {
  private static final Duration FIRST_WORD = Duration.ofSeconds(30);

  private final WaitNotice wait;
  private long nextPlan;
  private boolean stopPlanned;

  /** Creates the state; all workers hold the state before the first step that is not complete. */
  Training(Generation generation) {
    super(generation);
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
    this.nextPlan = generation.reports.next();
  }

  @Override
  Phase phase() {
    return Phase.TRAINING;
  }

  @Override
  void enter() {
    generation.reports.expect(generation.members.present());
    completeLastStep();
    planAhead();
  }

  /** Plans what should have followed the last step, and was interrupted. */
  private void completeLastStep() {
    var done = nextPlan;
    var schedule = generation.schedule;
    var commits = generation.commits;
    var evaluate = schedule.evaluateAfter(done) && !generation.isEvaluated(done);
    var save =
        commits.enabled()
            && schedule.checkpointAfter(done)
            && !commits.isCommitted(done)
            && !commits.isOpen(done);
    if (done == generation.settings.startStep() || !evaluate && !save) {
      return;
    }
    var plan = Plan.newBuilder().setStep(done - 1).setIsDone(true).setEvaluate(evaluate);
    if (save) {
      plan.setCheckpoint(beginAttempt(done, done == schedule.steps()));
    }
    send(Plans.newBuilder().addPlans(plan));
  }

  private String beginAttempt(long done, boolean last) {
    return generation.commits.begin(done, last, generation.members.present());
  }

  private void send(Plans.Builder plans) {
    var message = ToWorker.newBuilder().setPlans(plans).build();
    generation.members.present().forEach(member -> member.connection.send(message));
  }

  private void planAhead() {
    if (letJoin()) {
      return;
    }
    var schedule = generation.schedule;
    var commits = generation.commits;
    var plans = Plans.newBuilder();
    while (mayPlan()) {
      var plan = schedule.plan(nextPlan, generation.evaluations());
      var done = plan.getStop() ? nextPlan : nextPlan + 1;
      if (plan.getStop() && done < schedule.steps() && commits.isOpen(done)) {
        break; // until it is known whether the last state is saved
      }
      var save = commits.enabled() && isSaved(done, plan.getStop());
      if (save && commits.isFull()) {
        break; // until a commit has ended
      }
      stopPlanned = plan.getStop();
      if (save) {
        plan.setCheckpoint(beginAttempt(done, stopPlanned || done == schedule.steps()));
      }
      plans.addPlans(plan);
      nextPlan++;
    }
    if (plans.getPlansCount() > 0) {
      send(plans);
    }
  }

  private boolean mayPlan() {
    var next = generation.reports.next();
    return !stopPlanned
        && nextPlan < next + generation.settings.lookahead()
        && (isEvaluatedBefore(nextPlan)
            || !generation.schedule.dependsOnEvaluationBefore(nextPlan));
  }

  /**
   * Lets workers join that are ready: plans nothing until the planned steps are done, so that the
   * others lose no work; returns whether some wait for that.
   */
  private boolean letJoin() {
    if (stopPlanned || generation.settings.sharded() || generation.members.joinable().isEmpty()) {
      return false;
    }
    if (nextPlan == generation.reports.next()
        && (isEvaluatedBefore(nextPlan) || !generation.schedule.evaluateAfter(nextPlan))) {
      generation.become(new Pausing(generation));
    }
    return true;
  }

  private boolean isEvaluatedBefore(long step) {
    return step == generation.settings.startStep() || generation.isEvaluated(step);
  }

  /** Returns whether a state is saved; that of an early stop always is, unless it was before. */
  private boolean isSaved(long done, boolean stop) {
    var schedule = generation.schedule;
    return stop
        ? done < schedule.steps()
            && done > generation.settings.startStep()
            && !generation.commits.isCommitted(done)
        : schedule.checkpointAfter(done);
  }

  @Override
  void ready(Member member, Ready ready) {
    super.ready(member, ready);
    planAhead();
  }

  @Override
  void report(Member member, Report report) {
    addReport(
        member,
        report,
        () -> {
          progress();
          planAhead();
        });
  }

  @Override
  void evaluated(Member member, Evaluated evaluated) {
    progress();
    generation.evaluated(evaluated);
    planAhead();
  }

  @Override
  void part(Member member, CheckpointPart part) {
    progress();
    generation.commits.part(member, part);
  }

  @Override
  void partNotWritten(Member member, Failure failure) {
    progress();
    super.partNotWritten(member, failure);
  }

  @Override
  void finished(Member member, Finished finished) {
    progress();
    member.finished = finished;
    endIfFinished();
  }

  @Override
  void commitEnded() {
    progress();
    planAhead();
    endIfFinished();
  }

  private void endIfFinished() {
    var members = generation.members.present();
    if (members.stream().allMatch(m -> m.finished != null) && generation.commits.isIdle()) {
      EqualRanks.require(members, "weights at the end", m -> m.finished.getWeightsSha256());
      generation.become(new Draining(generation, null));
    }
  }

  private void progress() {
    wait.restart(generation.now());
  }

  @Override
  void checkWorkers(long now) {
    checkHeartbeats(now);
    if (generation.state() == this) {
      generation.checkProgress(wait, now, this::waited);
    }
  }

  private String waited() {
    var reports = generation.reports;
    var commits = generation.commits;
    return nextPlan == reports.next() && !stopPlanned && !commits.oldest().isEmpty()
        ? "waited for the commit of checkpoint "
            + commits.oldest()
            + (commits.isFull() ? ", as storage is slower than checkpoints are asked for" : "")
        : waitedFor(reports.missing());
  }
}
