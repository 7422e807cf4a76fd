package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.spark.BellowsException;
import java.time.Duration;

/**
 * Waits for causes that may have led to a known failure. Work that workers complete before the
 * release counts; nothing new is planned.
 */
final class Failing extends GenerationState {
  private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

  private final FirstCause cause;
  private final boolean started;
  private final long endNanos;

  /**
   * Creates the state; {@code started}: the rendezvous was complete, so that a worker that leaves
   * is lost.
   */
  Failing(Generation generation, FirstCause cause, boolean started) {
    super(generation);
    this.cause = cause;
    this.started = started;
    this.endNanos = generation.now() + GRACE_NANOS;
  }

  @Override
  Phase phase() {
    return Phase.FAILING;
  }

  /**
   * Admits a late worker, which is released with the others: a refusal would be one more failure.
   */
  @Override
  String register(Register self, Connection connection) {
    return started
        ? super.register(self, connection)
        : generation.members.admit(self, connection, generation.now());
  }

  @Override
  void ready(Member member, Ready ready) {}

  @Override
  void report(Member member, Report report) {
    addReport(member, report, () -> {});
  }

  @Override
  void part(Member member, CheckpointPart part) {
    generation.commits.part(member, part);
  }

  @Override
  void finished(Member member, Finished finished) {}

  @Override
  void evaluated(Member member, Evaluated evaluated) {
    generation.evaluated(evaluated);
  }

  @Override
  void broken(Member member, Broken broken) {
    cause.reported(Category.RETRYABLE, broken.getMessage());
  }

  @Override
  void failed(Member member, Failure failure) {
    fail(cause, failure);
  }

  @Override
  void lost(Member member, String why) {
    lose(cause, member, why);
  }

  @Override
  void awaitOtherCauses(FirstCause known) {}

  @Override
  void decided(BellowsException failure) {
    cause.decided(failure);
    super.decided(cause.get());
  }

  @Override
  void disconnected(Member member, String why) {
    if (started) {
      super.disconnected(member, why);
    } else {
      generation.members.remove(member);
    }
  }

  @Override
  void tick(long now) {
    if (now - endNanos >= 0) {
      super.decided(cause.get());
    }
  }

  @Override
  void checkWorkers(long now) {
    if (started) {
      checkHeartbeats(now);
    }
  }
}
