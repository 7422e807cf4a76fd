package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Joined;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;

/** Waits until all ranks are connected in a new group and hold the state to continue from. */
final class Assembling extends Elastic {
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final WaitNotice wait;
  private final long done;

  /** Creates the state; {@code done}: number of steps of the state to continue from. */
  Assembling(Generation generation, long done) {
    super(generation);
    this.done = done;
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
  }

  @Override
  Phase phase() {
    return Phase.ASSEMBLING;
  }

  @Override
  void enter() {
    generation.members.sendMembership(generation, done, m -> m.paused.getSteps() == done);
  }

  @Override
  void joined(Member member, Joined joined) {
    if (joined.getGeneration() != generation.epoch()) {
      return;
    }
    member.joined = joined;
    var ranks = generation.members.present();
    if (ranks.stream().anyMatch(m -> m.joined == null)) {
      return;
    }
    EqualRanks.require(
        ranks, "states after " + done + " steps", "crc32c", m -> m.joined.getStateCrc32C());
    EqualRanks.unequalBackends(ranks).ifPresent(generation.listener::warned);
    var came = ranks.stream().filter(m -> m.paused.getSteps() < 0).map(Member::executor).toList();
    if (!came.isEmpty()) {
      generation.listener.warned(
          String.join(", ", came)
              + " joined at step "
              + done
              + "; "
              + ranks.size()
              + " of "
              + generation.settings.worldSize()
              + " go on");
    }
    generation.become(new Training(generation));
  }

  @Override
  void checkWorkers(long now) {
    checkHeartbeats(now);
    if (generation.state() == this) {
      generation.checkProgress(
          wait, now, () -> waitedFor(generation.members.where(m -> !m.spare && m.joined == null)));
    }
  }
}
