package dev.bellows.spark.coordinator;

import dev.bellows.proto.coordinator.Finished;
import dev.bellows.proto.coordinator.Ready;
import dev.bellows.proto.coordinator.Register;
import dev.bellows.reduction.ReductionTree;

/** Holds what the coordinator knows of one rank. */
final class Member {
  final Register self;
  final Connection connection;
  long lastSeenNanos;
  long step = -1;
  String phase = "starting";
  Ready ready;
  Finished finished;
  boolean failed;

  Member(Register self, Connection connection, long nowNanos) {
    this.self = self;
    this.connection = connection;
    this.lastSeenNanos = nowNanos;
  }

  int rank() {
    return self.getRank();
  }

  /** Describes the worker: "rank 1 (executor 0, 10.0.0.7:40112, pid 4711)". */
  String describe() {
    return "rank "
        + self.getRank()
        + " (executor "
        + self.getExecutorId()
        + ", "
        + self.getHost()
        + ":"
        + self.getPort()
        + ", pid "
        + self.getPid()
        + ")";
  }

  dev.bellows.proto.coordinator.Member.Builder toMessage(ReductionTree.Range shards) {
    return dev.bellows.proto.coordinator.Member.newBuilder()
        .setRank(self.getRank())
        .setHost(self.getHost())
        .setPort(self.getPort())
        .setPid(self.getPid())
        .setExecutorId(self.getExecutorId())
        .setFirstShard(shards.first())
        .setEndShard(shards.end());
  }
}
