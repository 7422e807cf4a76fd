package dev.bellows.spark.coordinator;

import static dev.bellows.errors.Messages.message;

import com.google.protobuf.ByteString;
import dev.bellows.spark.BellowsException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Checks what must be equal on all ranks of a generation. */
final class EqualRanks {
  private EqualRanks() {}

  /**
   * Compares hashes of weights.
   *
   * @throws BellowsException ({@code FATAL}) naming the first rank that differs from rank 0
   */
  static void require(List<Member> members, String what, Function<Member, ByteString> weights) {
    require(members, what, "sha256", weights.andThen(EqualRanks::hex));
  }

  /**
   * Compares hashes of states.
   *
   * @param hash name of the hash
   * @throws BellowsException ({@code FATAL}) naming the first rank that differs from rank 0
   */
  static void require(
      List<Member> members, String what, String hash, Function<Member, String> states) {
    var first = states.apply(members.get(0));
    for (var member : members) {
      if (!states.apply(member).equals(first)) {
        throw BellowsException.fatal(
            message(
                "train: %s must be equal on all ranks; rank 0 has %s %s, rank %s has %s",
                what, hash, first, member.rank(), states.apply(member)));
      }
    }
  }

  /**
   * Describes backends that differ: all ranks stay equal, but the result then depends on which rank
   * has which shard.
   */
  static Optional<String> unequalBackends(List<Member> members) {
    return members.stream()
        .filter(member -> !backend(member).equals(backend(members.get(0))))
        .findFirst()
        .map(
            member ->
                message(
                    "train: all executors should compute alike, else another run gives other bits;"
                        + " rank 0 has %s, rank %s has %s. Use equal machines and settings for bits"
                        + " that repeat.",
                    backend(members.get(0)), member.rank(), backend(member)));
  }

  private static String backend(Member member) {
    return member.ready.getBackend();
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
