package dev.bellows.spark.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Shows that a worker knows the job's secret without sending it. */
final class Proof {
  private static final String ALGORITHM = "HmacSHA256";

  private Proof() {}

  /** HMAC-SHA256 of nonce, generation, rank (4 bytes each, big-endian) and the job id in UTF-8. */
  static byte[] of(byte[] secret, byte[] nonce, String jobId, int generation, int rank) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update(nonce);
      mac.update(ByteBuffer.allocate(8).putInt(generation).putInt(rank).array());
      return mac.doFinal(jobId.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("coordinator: every Java has " + ALGORITHM, e);
    }
  }
}
