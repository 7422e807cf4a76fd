package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers workers until every rank has one; a worker that leaves may be replaced. */
final class Rendezvous extends GenerationState {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final WaitNotice wait;

  Rendezvous(Generation generation) {
    super(generation);
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
  }

  @Override
  Phase phase() {
    return Phase.RENDEZVOUS;
  }

  @Override
  String register(Register self, Connection connection) {
    var refusal = generation.members.admit(self, connection, generation.now());
    if (refusal == null && generation.members.isComplete()) {
      generation.become(new Readying(generation));
    }
    return refusal;
  }

  @Override
  void ready(Member member, Ready ready) {
    member.ready = ready;
  }

  @Override
  void disconnected(Member member, String why) {
    LOG.info(
        "generation {}: {} left before the start: {}", generation.number(), member.describe(), why);
    generation.members.remove(member);
  }

  @Override
  void checkWorkers(long now) {
    var limit = generation.settings.timeouts().rendezvous();
    if (wait.isOver(now, limit)) {
      decided(
          BellowsException.retryable(
              message(
                  "rendezvous: all workers must register within %s ms (timeouts.rendezvous); %s",
                  limit.toMillis(), generation.members.describe())));
      return;
    }
    wait.tick(
        now,
        limit,
        "timeouts.rendezvous",
        () ->
            message(
                "rendezvous: waiting for all workers to register; %s; %s",
                generation.members.describe(), generation.tasks()));
  }
}
