package dev.bellows.spark.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;

/** A sum over the hashes of rows: equal for equal rows in any order. */
record ContentSum(long rows, long first, long second) {
  static final ContentSum NONE = new ContentSum(0, 0, 0);

  private static final long SEED_1 = 0x62656c6c6f777331L;
  private static final long SEED_2 = 0x62656c6c6f777332L;

  /** Returns the hash that orders rows: XXH64 of a row's bytes. */
  static long firstHash(byte[] row) {
    return XXH64.hashUnsafeBytes(row, Platform.BYTE_ARRAY_OFFSET, row.length, SEED_1);
  }

  /** Returns a second hash of the same bytes, to order rows whose first hashes collide. */
  static long secondHash(byte[] row) {
    return XXH64.hashUnsafeBytes(row, Platform.BYTE_ARRAY_OFFSET, row.length, SEED_2);
  }

  ContentSum plusRow(long firstHash, long secondHash) {
    return new ContentSum(rows + 1, first + firstHash, second + secondHash);
  }

  ContentSum plus(ContentSum other) {
    return new ContentSum(rows + other.rows, first + other.first, second + other.second);
  }

  /** Returns 32 hexadecimal digits that identify these rows in these columns. */
  String fingerprint(List<Column> columns) {
    String text = "rows " + rows + " " + first + " " + second + " columns " + columns;
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java platform", e);
    }
  }
}
