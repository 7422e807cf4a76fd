package dev.bellows.spark.coordinator;

import com.google.protobuf.ByteString;
import dev.bellows.spark.BellowsException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/** What must be equal on all ranks of a generation. */
final class EqualRanks {
  private EqualRanks() {}

  /**
   * Compares hashes of weights.
   *
   * @throws BellowsException ({@code FATAL}) naming the first rank that differs from rank 0
   */
  static void require(Member[] members, String what, Function<Member, ByteString> weights) {
    for (var member : members) {
      if (!weights.apply(member).equals(weights.apply(members[0]))) {
        throw BellowsException.fatal(
            "train: "
                + what
                + " must be equal on all ranks; rank 0 has sha256 "
                + hex(weights.apply(members[0]))
                + ", rank "
                + member.rank()
                + " has "
                + hex(weights.apply(member)));
      }
    }
  }

  /** Ranks stay equal all the same; but which rank had which shard then decides about bits. */
  static Optional<String> unequalBackends(Member... members) {
    return Arrays.stream(members)
        .filter(member -> !member.backend.equals(members[0].backend))
        .findFirst()
        .map(
            member ->
                "train: all executors should compute alike, else another run gives other bits;"
                    + " rank 0 has "
                    + members[0].backend
                    + ", rank "
                    + member.rank()
                    + " has "
                    + member.backend
                    + ". Use equal machines and settings for bits that repeat.");
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
