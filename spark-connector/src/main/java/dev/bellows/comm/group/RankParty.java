package dev.bellows.comm.group;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.admission.Party;
import dev.bellows.proto.comm.Hello;
import java.util.function.IntPredicate;

/** A rank of a group in a handshake with another. */
abstract class RankParty implements Party {
  /** The purpose of the keys. */
  static final String PURPOSE = "ranks";

  private final CommConfig config;
  private final IntPredicate expectedRank;

  /**
   * @param expectedRank which ranks may be at the other end
   */
  RankParty(CommConfig config, IntPredicate expectedRank) {
    this.config = config;
    this.expectedRank = expectedRank;
  }

  static Hello.Builder hello(CommConfig config) {
    return Hello.newBuilder()
        .setJobId(config.jobId())
        .setGeneration(config.generation())
        .setRank(config.rank())
        .setWorldSize(config.worldSize())
        .setSegmentBytes(config.segmentBytes())
        .setWindowBytes(config.windowBytes());
  }

  @Override
  public final Hello.Builder hello() {
    return hello(config);
  }

  @Override
  public final String refusal(Hello mine, Hello peer) {
    var difference = Party.super.refusal(mine, peer);
    if (difference != null || expectedRank.test(peer.getRank())) {
      return difference;
    }
    return message(
        "hello: rank must be one that rank %s of %s waits for here; got %s",
        config.rank(), config.worldSize(), peer.getRank());
  }
}
