package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Joined;
import dev.bellows.proto.coordinator.Paused;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.BellowsException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state of a {@link Generation}: holds the data of that state alone and handles the events that
 * are allowed in it. What a state does not override is refused or handled as here. All methods are
 * called under the generation's lock.
 */
abstract class GenerationState {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationState.class);

  final Generation generation;

  GenerationState(Generation generation) {
    this.generation = generation;
  }

  abstract Phase phase();

  /** Called once, when this has become the generation's state. */
  void enter() {}

  /** Handles a worker's registration; returns why it is refused, or null. */
  String register(Register self, Connection connection) {
    return "generation " + generation.number() + " is past its rendezvous";
  }

  /** Handles a message of a registered worker. */
  void received(Member member, ToDriver message) {
    switch (message.getMessageCase()) {
      case HEARTBEAT -> generation.heartbeat(member, message.getHeartbeat());
      case FAILURE -> failure(member, message.getFailure());
      case READY -> ready(member, message.getReady());
      case REPORT -> report(member, message.getReport());
      case PART -> part(member, message.getPart());
      case FINISHED -> finished(member, message.getFinished());
      case EVALUATED -> evaluated(member, message.getEvaluated());
      case BROKEN -> broken(member, message.getBroken());
      case PAUSED -> paused(member, message.getPaused());
      case JOINED -> joined(member, message.getJoined());
      default -> throw unexpected(member, message.getMessageCase());
    }
  }

  void ready(Member member, Ready ready) {
    throw unexpected(member, ToDriver.MessageCase.READY);
  }

  void report(Member member, Report report) {
    throw unexpected(member, ToDriver.MessageCase.REPORT);
  }

  void part(Member member, CheckpointPart part) {
    throw unexpected(member, ToDriver.MessageCase.PART);
  }

  void finished(Member member, Finished finished) {
    throw unexpected(member, ToDriver.MessageCase.FINISHED);
  }

  void evaluated(Member member, Evaluated evaluated) {
    throw unexpected(member, ToDriver.MessageCase.EVALUATED);
  }

  /** Handles a failed operation between ranks: a consequence of what is handled elsewhere. */
  void broken(Member member, Broken broken) {}

  void paused(Member member, Paused paused) {}

  void joined(Member member, Joined joined) {}

  private static BellowsException unexpected(Member member, ToDriver.MessageCase message) {
    return BellowsException.fatal(
        message("coordinator: unexpected message of %s: %s", member.describe(), message));
  }

  private void failure(Member member, Failure failure) {
    if (failure.getCategory() == Category.NONE) {
      partNotWritten(member, failure);
    } else {
      member.failed = true;
      logFailure(member, failure);
      failed(member, failure);
    }
  }

  /**
   * Handles a worker's report that it cannot write its part of a checkpoint; the worker continues.
   */
  void partNotWritten(Member member, Failure failure) {
    generation.commits.notWritten(member, failure.getAttempt(), failure.getMessage());
  }

  /** Handles a worker's report of why it ended. */
  void failed(Member member, Failure failure) {
    fail(new FirstCause(), failure);
  }

  final void fail(FirstCause cause, Failure failure) {
    if (cause.reported(failure.getCategory(), failure.getMessage())) {
      generation.become(new Draining(generation, cause.get()));
    } else {
      awaitOtherCauses(cause);
    }
  }

  /** Handles the loss of a worker that took part. */
  void lost(Member member, String why) {
    lose(new FirstCause(), member, why);
  }

  final void lose(FirstCause cause, Member member, String why) {
    LOG.warn("generation {}: {} is lost: {}", generation.number(), member.describe(), why);
    cause.lost(
        "train: step " + generation.reports.next() + ": " + member.describe() + " is lost: " + why);
    awaitOtherCauses(cause);
  }

  /** Waits for causes that may have led to a known failure. */
  void awaitOtherCauses(FirstCause cause) {
    generation.become(new Failing(generation, cause, phase() != Phase.RENDEZVOUS));
  }

  /** Ends the generation on behalf of the coordinator or the job. */
  void decided(BellowsException failure) {
    generation.become(new Draining(generation, failure));
  }

  /** Handles the loss of a worker's connection. */
  void disconnected(Member member, String why) {
    if (!member.failed) {
      lost(member, why);
    }
  }

  /** Handles the end of a commit, or of the removal of an attempt. */
  void commitEnded() {}

  /** Checks the deadlines of the coordinator itself. */
  void tick(long now) {}

  /** Checks the deadlines of the workers. */
  void checkWorkers(long now) {}

  /** Gives up workers that have been silent for too long. */
  final void checkHeartbeats(long now) {
    var limit = generation.settings.timeouts().lost().toNanos();
    for (var member : generation.members.where(m -> !m.failed && now - m.lastSeenNanos > limit)) {
      member.failed = true;
      generation.silent(member);
      var silentMs = (now - member.lastSeenNanos) / 1_000_000;
      generation.state().lost(member, "no sign of life for " + silentMs + " ms");
    }
  }

  /** Adds a report and passes on each step that is complete with it. */
  final void addReport(Member member, Report report, Runnable afterStep) {
    var reports = generation.reports;
    reports.add(member, report);
    for (var done = reports.poll(); done != null; done = reports.poll()) {
      generation.listener.step(reports.summary(done));
      generation.passEvaluations();
      afterStep.run();
    }
  }

  static String waitedFor(List<Member> members) {
    return "waited for "
        + members.stream()
            .map(m -> m.describe() + " (" + m.phase + ")")
            .collect(Collectors.joining(", "));
  }

  /** Logs the stack of a first cause; consequences are logged without one. */
  private void logFailure(Member member, Failure failure) {
    var line =
        String.format(
            Locale.ROOT,
            "generation %d: %s failed at step %d (%s): %s",
            generation.number(),
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
}
