package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Ready;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until all workers have prepared the state that training starts from. */
final class Readying extends GenerationState {
  private static final Logger LOG = LoggerFactory.getLogger(Readying.class);
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final WaitNotice wait;

  Readying(Generation generation) {
    super(generation);
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
  }

  @Override
  Phase phase() {
    return Phase.READYING;
  }

  @Override
  void enter() {
    var members = generation.members;
    LOG.info(
        "generation {}: {} workers: {}",
        generation.number(),
        members.present().size(),
        members.names());
    startIfReady();
  }

  @Override
  void ready(Member member, Ready ready) {
    member.ready = ready;
    startIfReady();
  }

  private void startIfReady() {
    var members = generation.members.present();
    if (members.stream().anyMatch(m -> m.ready == null)) {
      return;
    }
    EqualRanks.require(members, "weights at the start", m -> m.ready.getWeightsSha256());
    EqualRanks.unequalBackends(members).ifPresent(generation.listener::warned);
    generation.members.sendMembership(generation, generation.settings.startStep(), m -> true);
    generation.become(new Training(generation));
  }

  @Override
  void checkWorkers(long now) {
    checkHeartbeats(now);
    if (generation.state() == this) {
      generation.checkProgress(
          wait, now, () -> waitedFor(generation.members.where(m -> m.ready == null)));
    }
  }
}
