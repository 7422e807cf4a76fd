package dev.bellows.comm.admission;

import com.google.protobuf.ByteString;
import dev.bellows.proto.comm.Hello;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Proves that an end of a connection knows the job's secret, without sending it: HMAC-SHA256 over
 * the role and both hellos with their fresh nonces, under a key for purpose, job and generation.
 */
public final class Proof {
  static final String CONNECTOR = "connector";
  static final String ACCEPTOR = "acceptor";

  private final byte[] secret;
  private final String purpose;

  /**
   * Creates proofs for one purpose.
   *
   * @param secret of the job; null: proofs are empty, and everyone is admitted
   * @param purpose what peers are admitted to, as "ranks"
   */
  public Proof(byte[] secret, String purpose) {
    this.secret = secret == null ? null : secret.clone();
    this.purpose = purpose;
  }

  /**
   * Returns the proof of one end.
   *
   * @param role whose proof it is, "connector" or "acceptor", so that an echo proves nothing
   */
  public ByteString of(String role, Hello connector, Hello acceptor) {
    if (secret == null) {
      return ByteString.EMPTY;
    }
    var key = Hkdf.key(secret, purpose, connector.getJobId(), connector.getGeneration());
    var name = role.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(
        Hkdf.mac(key, name, connector.toByteArray(), acceptor.toByteArray()));
  }

  /** Returns whether the other end's proof is right. */
  boolean holds(ByteString proof, String role, Hello connector, Hello acceptor) {
    return MessageDigest.isEqual(proof.toByteArray(), of(role, connector, acceptor).toByteArray());
  }
}
