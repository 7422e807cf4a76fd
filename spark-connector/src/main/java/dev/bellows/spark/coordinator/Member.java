package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Joined;
import dev.bellows.proto.coordinator.Paused;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.reduction.ReductionTree;

/** Holds what the coordinator knows of one worker. */
final class Member {
  final Register self;
  final Connection connection;
  int rank;
  String host;
  int port;

  /** Whether it came after the start, and has not joined the others yet. */
  boolean spare;

  long lastSeenNanos;
  long step = -1;
  String phase = "starting";
  Ready ready;
  Paused paused;
  Joined joined;
  Finished finished;
  boolean failed;

  Member(Register self, Connection connection, boolean spare, long nowNanos) {
    this.self = self;
    this.connection = connection;
    this.spare = spare;
    this.rank = self.getRank();
    this.host = self.getHost();
    this.port = self.getPort();
    this.lastSeenNanos = nowNanos;
  }

  int rank() {
    return rank;
  }

  String executor() {
    return "executor " + self.getExecutorId();
  }

  /** Describes the worker: "rank 1 (executor 0, 10.0.0.7:40112, pid 4711)". */
  String describe() {
    return (spare ? "a replacement" : "rank " + rank)
        + " ("
        + executor()
        + ", "
        + host
        + ":"
        + port
        + ", pid "
        + self.getPid()
        + ")";
  }

  dev.bellows.proto.coordinator.Member.Builder toMessage(
      ReductionTree.Range shards, boolean hasState) {
    return dev.bellows.proto.coordinator.Member.newBuilder()
        .setRank(rank)
        .setHost(host)
        .setPort(port)
        .setPid(self.getPid())
        .setExecutorId(self.getExecutorId())
        .setFirstShard(shards.first())
        .setEndShard(shards.end())
        .setHasState(hasState);
  }
}
