package dev.bellows.spark.coordinator;

import dev.bellows.comm.admission.Hkdf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Shows that a worker, or the driver, knows the job's secret without sending it. */
final class Proof {
  static final String WORKER = "worker";
  static final String DRIVER = "driver";

  private Proof() {}

  /**
   * HMAC-SHA256 of role, nonce, generation, rank (4 bytes each, big-endian) and job id, texts in
   * UTF-8, under a key for this job and generation.
   *
   * @param role who proves, so that nobody is taken in by an echo
   */
  static byte[] of(
      byte[] secret, String role, byte[] nonce, String jobId, int generation, int rank) {
    return Hkdf.mac(
        Hkdf.key(secret, "coordinator", jobId, generation),
        role.getBytes(StandardCharsets.UTF_8),
        nonce,
        ByteBuffer.allocate(8).putInt(generation).putInt(rank).array(),
        jobId.getBytes(StandardCharsets.UTF_8));
  }
}
