package dev.bellows.spark.coordinator;

import com.google.protobuf.ByteString;
import dev.bellows.spark.BellowsException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Checks of what must be equal on all ranks of a generation. */
final class EqualRanks {
  private EqualRanks() {}

  /**
   * Compares hashes of weights.
   *
   * @throws BellowsException ({@code FATAL}) naming the first rank that differs from rank 0
   */
  static void require(List<Member> members, String what, Function<Member, ByteString> weights) {
    for (var member : members) {
      if (!weights.apply(member).equals(weights.apply(members.get(0)))) {
        throw BellowsException.fatal(
            "train: "
                + what
                + " must be equal on all ranks; rank 0 has sha256 "
                + hex(weights.apply(members.get(0)))
                + ", rank "
                + member.rank()
                + " has "
                + hex(weights.apply(member)));
      }
    }
  }

  /** Ranks stay equal even so, but the result then depends on which rank has which shard. */
  static Optional<String> unequalBackends(List<Member> members) {
    return members.stream()
        .filter(member -> !backend(member).equals(backend(members.get(0))))
        .findFirst()
        .map(
            member ->
                "train: all executors should compute alike, else another run gives other bits;"
                    + " rank 0 has "
                    + backend(members.get(0))
                    + ", rank "
                    + member.rank()
                    + " has "
                    + backend(member)
                    + ". Use equal machines and settings for bits that repeat.");
  }

  private static String backend(Member member) {
    return member.ready.getBackend();
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
