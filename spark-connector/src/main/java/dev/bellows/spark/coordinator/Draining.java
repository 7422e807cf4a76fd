package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.Release;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import dev.bellows.spark.WaitNotice;
import java.time.Duration;
import java.util.OptionalDouble;

/** Releases the workers and waits for commits in progress. */
final class Draining extends GenerationState {
  private static final Duration FIRST_WORD = Duration.ofSeconds(5);

  private final BellowsException failure;
  private final WaitNotice wait;

  /** Creates the state; {@code failure}: the first cause; null: training has reached its end. */
  Draining(Generation generation, BellowsException failure) {
    super(generation);
    this.failure = failure;
    this.wait = new WaitNotice(generation.listener::warned, generation.now(), FIRST_WORD);
  }

  @Override
  Phase phase() {
    return Phase.DRAINING;
  }

  @Override
  void enter() {
    generation.commits.close();
    generation.members.sendAll(release(failure));
    commitEnded();
  }

  /** Ends a worker; {@code failure}: why; null: training has reached its end. */
  static ToWorker release(BellowsException failure) {
    var release = Release.newBuilder();
    if (failure != null) {
      release
          .setCategory(Category.valueOf(failure.category().name()))
          .setCause(String.valueOf(failure.getMessage()));
    }
    return ToWorker.newBuilder().setRelease(release).build();
  }

  @Override
  void commitEnded() {
    if (generation.commits.isIdle()) {
      generation.become(
          new Ended(generation, failure == null ? success() : Outcome.failed(failure)));
    }
  }

  private Outcome success() {
    var first = generation.members.get(0).finished;
    return new Outcome(
        null,
        EqualRanks.hex(first.getWeightsSha256()),
        first.hasMetric() ? OptionalDouble.of(first.getMetric()) : OptionalDouble.empty(),
        first.getSteps());
  }

  @Override
  void tick(long now) {
    var limit = generation.settings.timeouts().step();
    if (!wait.isOver(now, limit)) {
      wait.tick(now, limit, "timeouts.step", () -> "checkpoint: waiting for a commit to end");
    } else if (failure == null || failure.category() == BellowsException.Category.RETRYABLE) {
      var message =
          "checkpoint: a commit must end within "
              + limit.toMillis()
              + " ms (timeouts.step), before training can go on; it still runs";
      generation.become(
          new Ended(
              generation,
              Outcome.failed(
                  new BellowsException(
                      BellowsException.Category.FATAL,
                      failure == null
                          ? message
                          : message("%s; before that: %s", message, failure.getMessage()),
                      failure))));
    } else {
      generation.become(new Ended(generation, Outcome.failed(failure)));
    }
  }
}
