package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Membership;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.proto.coordinator.ToWorker;
import dev.bellows.reduction.ReductionTree;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The workers of a generation by rank. */
final class Members {
  private final Member[] byRank;

  Members(int worldSize) {
    this.byRank = new Member[worldSize];
  }

  /** Adds a worker; returns why it is refused, or null. */
  String admit(Register self, Connection connection, long now) {
    var rank = self.getRank();
    if (rank < 0 || rank >= byRank.length) {
      return "rank must be less than the world size; got " + rank + " of " + byRank.length;
    }
    if (byRank[rank] != null) {
      return "rank " + rank + " is taken by " + byRank[rank].describe();
    }
    byRank[rank] = new Member(self, connection, now);
    return null;
  }

  void remove(Member member) {
    byRank[member.rank()] = null;
  }

  /** Returns the worker of a rank; null before it registers. */
  Member get(int rank) {
    return byRank[rank];
  }

  boolean isComplete() {
    return !Arrays.asList(byRank).contains(null);
  }

  /** Returns the registered workers, by rank. */
  List<Member> present() {
    return Arrays.stream(byRank).filter(Objects::nonNull).toList();
  }

  List<Member> where(Predicate<Member> condition) {
    return present().stream().filter(condition).toList();
  }

  void sendAll(ToWorker message) {
    present().forEach(member -> member.connection.send(message));
  }

  /** Describes the registered workers: "1 of 2 came: rank 1 (executor 0, …)". */
  String describe() {
    var came = present();
    return came.size() + " of " + byRank.length + " came" + (came.isEmpty() ? "" : ": " + names());
  }

  String names() {
    return present().stream().map(Member::describe).collect(Collectors.joining(", "));
  }

  /** Tells who is who, and where training starts. */
  ToWorker membership(Generation.Settings settings) {
    var membership =
        Membership.newBuilder()
            .setGeneration(settings.number())
            .setStartStep(settings.startStep())
            .setCheckpoint(settings.checkpoint());
    for (var member : byRank) {
      membership.addMembers(
          member.toMessage(
              ReductionTree.shardRange(settings.shards(), byRank.length, member.rank())));
    }
    return ToWorker.newBuilder().setMembership(membership).build();
  }
}
