package dev.bellows.comm.admission;

import com.google.protobuf.ByteString;
import dev.bellows.comm.CommConfig;
import dev.bellows.proto.comm.Hello;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.function.IntPredicate;

/** What two ranks say to each other before the first frame, and how it is checked. */
public final class HandshakeRules {
  static final int PROTOCOL = 2;
  private static final int NONCE_BYTES = 16;

  private final CommConfig config;
  private final byte[] key;
  private final SecureRandom random = new SecureRandom();

  public HandshakeRules(CommConfig config) {
    this.config = config;
    var secret = config.secret();
    this.key =
        secret == null ? null : Hkdf.key(secret, "ranks", config.jobId(), config.generation());
  }

  /** This rank's hello, with a fresh nonce. */
  public Hello hello() {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return Hello.newBuilder()
        .setProtocol(PROTOCOL)
        .setJobId(config.jobId())
        .setGeneration(config.generation())
        .setRank(config.rank())
        .setWorldSize(config.worldSize())
        .setSegmentBytes(config.segmentBytes())
        .setWindowBytes(config.windowBytes())
        .setNonce(ByteString.copyFrom(nonce))
        .build();
  }

  /** Text of a stranger that goes into messages and logs: what could start a line becomes '?'. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
  }

  /**
   * The rule that the peer's hello breaks, or null.
   *
   * @param expectedRank which ranks may be at the other end
   */
  String refusal(Hello peer, IntPredicate expectedRank) {
    if (peer.getProtocol() != PROTOCOL) {
      return differs("protocol", PROTOCOL, peer.getProtocol());
    }
    if (!peer.getJobId().equals(config.jobId())) {
      return "hello: job id must be that of this group; got '" + printable(peer.getJobId()) + "'";
    }
    if (peer.getGeneration() != config.generation()) {
      return differs("generation", config.generation(), peer.getGeneration());
    }
    if (peer.getWorldSize() != config.worldSize()) {
      return differs("worldSize", config.worldSize(), peer.getWorldSize());
    }
    if (peer.getSegmentBytes() != config.segmentBytes()) {
      return differs("segmentBytes", config.segmentBytes(), peer.getSegmentBytes());
    }
    if (peer.getWindowBytes() != config.windowBytes()) {
      return differs("windowBytes", config.windowBytes(), peer.getWindowBytes());
    }
    if (peer.getNonce().size() != NONCE_BYTES) {
      return differs("nonce bytes", NONCE_BYTES, peer.getNonce().size());
    }
    if (!expectedRank.test(peer.getRank())) {
      return "hello: rank must be one that rank "
          + config.rank()
          + " of "
          + config.worldSize()
          + " waits for here; got "
          + peer.getRank();
    }
    return null;
  }

  private static String differs(String field, int wanted, int got) {
    return "hello: " + field + " must be " + wanted + "; got " + got;
  }

  /**
   * HMAC-SHA256 over the role and both hellos, under a key of this job and generation; empty
   * without a secret.
   */
  public ByteString proof(String role, Hello connector, Hello acceptor) {
    if (key == null) {
      return ByteString.EMPTY;
    }
    var name = role.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(
        Hkdf.mac(key, name, connector.toByteArray(), acceptor.toByteArray()));
  }

  /** Whether the peer knows the secret. */
  boolean proves(ByteString proof, String role, Hello connector, Hello acceptor) {
    return MessageDigest.isEqual(
        proof.toByteArray(), proof(role, connector, acceptor).toByteArray());
  }
}
