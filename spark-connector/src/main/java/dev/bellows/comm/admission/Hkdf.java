package dev.bellows.comm.admission;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives a key for each purpose from one secret, so that a proof for one purpose is useless for
 * another. Source: RFC 5869, HKDF with HMAC-SHA256.
 */
final class Hkdf {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  /**
   * Derives a key of 32 bytes for one generation of a job.
   *
   * @param secret of the job
   * @param purpose what the key is for, as {@code ranks}
   */
  static byte[] key(byte[] secret, String purpose, String jobId, int generation) {
    var salt = jobId.getBytes(StandardCharsets.UTF_8);
    var info = ("bellows " + purpose + " " + generation).getBytes(StandardCharsets.UTF_8);
    return expand(mac(salt, secret), info, HASH_BYTES);
  }

  /** Derives bytes by RFC 5869, 2.2 and 2.3. */
  static byte[] derive(byte[] secret, byte[] salt, byte[] info, int bytes) {
    return expand(mac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret), info, bytes);
  }

  private static byte[] expand(byte[] pseudorandom, byte[] info, int bytes) {
    var out = new byte[bytes];
    var block = new byte[0];
    for (int at = 0, number = 1; at < bytes; at += HASH_BYTES, number++) {
      var input = Arrays.copyOf(block, block.length + info.length + 1);
      System.arraycopy(info, 0, input, block.length, info.length);
      input[input.length - 1] = (byte) number;
      block = mac(pseudorandom, input);
      System.arraycopy(block, 0, out, at, Math.min(HASH_BYTES, bytes - at));
    }
    return out;
  }

  /** Returns the HMAC-SHA256 of the concatenated parts. */
  static byte[] mac(byte[] key, byte[]... parts) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      for (var part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("hkdf: every Java has " + ALGORITHM, e);
    }
  }
}
