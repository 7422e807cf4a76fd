package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.spark.BellowsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Checks that values are equal on all ranks, and names the first rank that differs. */
final class Agreement {
  private static final int DIGEST_LONGS = 4;

  private Agreement() {}

  /**
   * Compares texts, by their digests first.
   *
   * @param what for the error, as "buckets of gradients"
   * @throws BellowsException ({@code USER}) on every rank, naming the first rank that differs from
   *     rank 0 and the first line in which it does
   */
  static void require(ProcessGroup group, Duration timeout, String what, List<String> lines) {
    var digests = gather(group, timeout, ByteBuffer.wrap(sha256(lines)), DIGEST_LONGS);
    var other = 1;
    while (other < digests.length && Arrays.equals(digests[0], digests[other])) {
      other++;
    }
    if (other < digests.length) {
      throw BellowsException.user(difference(group, timeout, what, lines, other));
    }
  }

  private static String difference(
      ProcessGroup group, Duration timeout, String what, List<String> lines, int other) {
    var text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    length.putLong(0, text.length);
    var longest = 0L;
    for (var one : gather(group, timeout, length, 1)) {
      longest = Math.max(longest, ByteBuffer.wrap(one).order(ByteOrder.nativeOrder()).getLong());
    }
    var longs = Math.toIntExact(longest / Long.BYTES + 1);
    var texts = gather(group, timeout, ByteBuffer.wrap(text), longs);
    var mine = lines(texts[0]);
    var theirs = lines(texts[other]);
    var line = 0;
    while (line < mine.length && line < theirs.length && mine[line].equals(theirs[line])) {
      line++;
    }
    return message(
        "agree: all ranks must have equal %s, in the same order; rank %s has %s where rank 0 has"
            + " %s",
        what, other, at(theirs, line), at(mine, line));
  }

  private static String at(String[] lines, int line) {
    return line < lines.length ? "\"" + lines[line] + "\"" : "nothing";
  }

  private static String[] lines(byte... padded) {
    return new String(padded, StandardCharsets.UTF_8).replace("\0", "").split("\n");
  }

  /** Returns the bytes of every rank, padded with zeros to so many longs. */
  private static byte[][] gather(ProcessGroup group, Duration timeout, ByteBuffer mine, int longs) {
    var bytes = longs * Long.BYTES;
    var all = ByteBuffer.allocateDirect(bytes * group.worldSize()).order(ByteOrder.nativeOrder());
    all.duplicate().position(bytes * group.rank()).put(mine.duplicate());
    var bounds = new int[group.worldSize() + 1];
    Arrays.setAll(bounds, rank -> rank * longs);
    group.allGather(all, bounds, ElementType.INT64).await(timeout);
    var split = new byte[group.worldSize()][bytes];
    for (var one : split) {
      all.get(one);
    }
    return split;
  }

  private static byte[] sha256(List<String> lines) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return digest.digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 must be there", e);
    }
  }
}
