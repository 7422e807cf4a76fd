package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Evaluated;
import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.Regroup;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.reduction.ReductionTree;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The workers of a generation: those that are ranks, and those that came later and wait to become
 * ranks.
 */
final class Members {
  private final int worldSize;
  private final Map<Connection, Member> all = new LinkedHashMap<>();

  Members(int worldSize) {
    this.worldSize = worldSize;
  }

  /** Adds a rank; returns why it is refused, or null. */
  String admit(Register self, Connection connection, long now) {
    var rank = self.getRank();
    if (rank < 0 || rank >= worldSize) {
      return "rank must be less than the world size; got " + rank + " of " + worldSize;
    }
    var before = get(rank);
    if (before != null) {
      return "rank " + rank + " is taken by " + before.describe();
    }
    all.put(connection, new Member(self, connection, false, now));
    return null;
  }

  /** Adds a worker that is no rank yet. */
  void admitSpare(Register self, Connection connection, long now) {
    all.put(connection, new Member(self, connection, true, now));
  }

  void remove(Member member) {
    all.remove(member.connection);
  }

  /** Returns the worker of a connection; null before it registers, and after it is lost. */
  Member of(Connection connection) {
    return all.get(connection);
  }

  /** Returns the worker of a rank; null before it registers. */
  Member get(int rank) {
    return present().stream().filter(m -> m.rank == rank).findFirst().orElse(null);
  }

  boolean isComplete() {
    return present().size() == worldSize;
  }

  /** Returns the ranks, in order. */
  List<Member> present() {
    return all.values().stream()
        .filter(m -> !m.spare)
        .sorted(Comparator.comparingInt(Member::rank))
        .toList();
  }

  /** Returns workers that can become ranks, as many as are missing. */
  List<Member> joinable() {
    return where(m -> m.spare && m.ready != null).stream()
        .limit(Math.max(0, worldSize - present().size()))
        .toList();
  }

  /** Returns ranks and others. */
  List<Member> where(Predicate<Member> condition) {
    return all.values().stream().filter(condition).toList();
  }

  void sendAll(ToWorker message) {
    all.values().forEach(member -> member.connection.send(message));
  }

  /** Describes the ranks: "1 of 2 came: rank 1 (executor 0, …)". */
  String describe() {
    var came = present();
    return came.size() + " of " + worldSize + " came" + (came.isEmpty() ? "" : ": " + names());
  }

  String names() {
    return present().stream().map(Member::describe).collect(Collectors.joining(", "));
  }

  /** Numbers the ranks anew, those who join behind the others, and tells each its number. */
  void regroup(int epoch, List<Member> joining) {
    var ranks = present();
    for (int rank = 0; rank < ranks.size(); rank++) {
      ranks.get(rank).rank = rank;
    }
    for (var member : joining) {
      member.spare = false;
      member.rank = present().size() - 1;
    }
    for (var member : present()) {
      member.paused = null;
      member.joined = null;
      member.finished = null;
      member.connection.send(
          ToWorker.newBuilder()
              .setRegroup(
                  Regroup.newBuilder()
                      .setGeneration(epoch)
                      .setRank(member.rank)
                      .setWorldSize(present().size()))
              .build());
    }
  }

  /** Tells the ranks who is who, and from which step they train. */
  void sendMembership(Generation generation, long step, Predicate<Member> hasState) {
    var settings = generation.settings;
    var ranks = present();
    var membership =
        Membership.newBuilder()
            .setGeneration(generation.epoch())
            .setStartStep(step)
            .setCheckpoint(settings.checkpoint());
    for (var result : generation.evaluations().results()) {
      membership.addEvaluations(
          Evaluated.newBuilder().setSteps(result.step()).setMetric(result.metric()));
    }
    for (var member : ranks) {
      var shards = ReductionTree.shardRange(settings.shards(), ranks.size(), member.rank);
      membership.addMembers(member.toMessage(shards, hasState.test(member)));
    }
    var message = ToWorker.newBuilder().setMembership(membership).build();
    ranks.forEach(member -> member.connection.send(message));
  }
}
