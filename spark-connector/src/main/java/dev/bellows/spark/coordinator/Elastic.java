package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import dev.bellows.proto.coordinator.Broken;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.CheckpointPart;
import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Refusal;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Report;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.spark.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A state of training in which workers may be lost and others may come. */
abstract class Elastic extends GenerationState {
  private static final Logger LOG = LoggerFactory.getLogger(Elastic.class);

  /** So often the connections between ranks may break at one step while all ranks are alive. */
  private static final int MOST_BROKEN = 3;

  Elastic(Generation generation) {
    super(generation);
  }

  @Override
  String register(Register self, Connection connection) {
    generation.members.admitSpare(self, connection, generation.now());
    return null;
  }

  @Override
  void ready(Member member, Ready ready) {
    member.ready = ready;
  }

  @Override
  void report(Member member, Report report) {
    addReport(member, report, () -> {});
  }

  @Override
  void evaluated(Member member, Evaluated evaluated) {
    generation.evaluated(evaluated);
  }

  @Override
  void part(Member member, CheckpointPart part) {
    generation.commits.part(member, part);
  }

  @Override
  void finished(Member member, Finished finished) {} // of a group that has ended

  /** Gives up a replacement that fails; what is the user's mistake ends the job all the same. */
  @Override
  void failed(Member member, Failure failure) {
    var kind = FirstCause.category(failure.getCategory());
    if (member.spare && kind == BellowsException.Category.RETRYABLE) {
      leave(member, failure.getMessage());
      member.connection.send(
          Draining.release(
              new BellowsException(kind, "not needed any more: " + failure.getMessage())));
    } else {
      super.failed(member, failure);
    }
  }

  @Override
  void lost(Member member, String why) {
    if (member.spare) {
      giveUp(member, why);
      return;
    }
    var obstacle = obstacle(generation.members.present().size() - 1);
    var size = generation.settings.worldSize();
    var text =
        message("%s lost at step %s (%s); ", member.executor(), generation.reports.next(), why);
    if (obstacle != null) {
      generation.listener.warned(
          text + "training restarts from the newest checkpoint, since " + obstacle);
      super.lost(member, why);
      return;
    }
    giveUp(member, why);
    generation.listener.warned(
        message("%s%s of %s go on", text, generation.members.present().size(), size));
    generation.become(new Pausing(generation));
  }

  private void leave(Member member, String why) {
    LOG.warn("generation {}: {} is lost: {}", generation.number(), member.describe(), why);
    generation.members.remove(member);
  }

  /** Lets a worker that may only be slow learn that the others go on without it. */
  private void giveUp(Member member, String why) {
    leave(member, why);
    var reason = "the others go on without this worker: " + why;
    member.connection.send(
        ToWorker.newBuilder().setRefusal(Refusal.newBuilder().setReason(reason)).build());
    member.connection.close();
  }

  /**
   * Returns why so many ranks cannot go on in the state they hold, so that training must restart
   * from the newest checkpoint; null: they can.
   */
  private String obstacle(int left) {
    var settings = generation.settings;
    if (settings.sharded()) {
      return "each executor holds a part of the optimizer's state";
    }
    if (left == 0) {
      return "no executor is left";
    }
    return left < settings.leastSize()
        ? message("at least %s executors must be left (minExecutors)", settings.leastSize())
        : null;
  }

  @Override
  void broken(Member member, Broken broken) {
    if (broken.getGeneration() != generation.epoch()) {
      return; // it has not heard yet that its group has ended
    }
    LOG.info("generation {}: {}: {}", generation.number(), member.describe(), broken.getMessage());
    if (obstacle(generation.members.present().size()) != null
        || generation.countBroken() > MOST_BROKEN) {
      generation.listener.warned(
          message(
              "connections between executors broke at step %s (%s); training restarts from the"
                  + " newest checkpoint",
              generation.reports.next(), broken.getMessage()));
      fail(
          new FirstCause(),
          Failure.newBuilder()
              .setCategory(Category.RETRYABLE)
              .setMessage(broken.getMessage())
              .build());
    } else {
      generation.become(new Pausing(generation));
    }
  }
}
