package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Paused;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;

/**
 * Waits until all ranks have left their group. Then no step can be completed any more, and the
 * latest state that a rank holds is the one from which all continue: a rank that completes a step
 * needed the gradients of all others, so all others are at most one step behind it.
 */
final class Pausing extends Elastic {
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final WaitNotice wait;

  Pausing(Generation generation) {
    super(generation);
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
  }

  @Override
  Phase phase() {
    return Phase.PAUSING;
  }

  @Override
  void enter() {
    var joining = generation.members.joinable();
    generation.members.regroup(generation.nextEpoch(), joining);
  }

  @Override
  void broken(Member member, Broken broken) {} // its group ends anyway

  @Override
  void paused(Member member, Paused paused) {
    if (paused.getGeneration() != generation.epoch()) {
      return;
    }
    member.paused = paused;
    member.host = paused.getHost();
    member.port = paused.getPort();
    var ranks = generation.members.present();
    if (ranks.stream().allMatch(m -> m.paused != null)) {
      join(ranks.stream().mapToLong(m -> m.paused.getSteps()).max().orElseThrow());
    }
  }

  private void join(long done) {
    var reports = generation.reports;
    if (done < reports.next()) {
      var text =
          message("train: no executor is left that holds the state of step %s", reports.next());
      generation.listener.warned(text + "; training restarts from the newest checkpoint");
      decided(BellowsException.retryable(text));
      return;
    }
    for (var step = reports.pollUntil(done); step != null; step = reports.pollUntil(done)) {
      generation.listener.step(reports.summary(step));
    }
    generation.passEvaluations();
    generation.commits.regroup(done, generation.members.present());
    generation.become(new Assembling(generation, done));
  }

  @Override
  void checkWorkers(long now) {
    checkHeartbeats(now);
    if (generation.state() == this) {
      generation.checkProgress(
          wait, now, () -> waitedFor(generation.members.where(m -> !m.spare && m.paused == null)));
    }
  }
}
