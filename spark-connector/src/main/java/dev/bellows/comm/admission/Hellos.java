package dev.bellows.comm.admission;

import com.google.protobuf.ByteString;
import dev.bellows.proto.comm.Hello;
import java.util.random.RandomGenerator;

/** Creates hellos and compares those of two ends. */
public final class Hellos {
  /** The protocol of the handshake and of what follows. */
  private static final int PROTOCOL = 2;

  private static final int NONCE_BYTES = 16;

  private Hellos() {}

  /** Completes a hello with the protocol and a fresh nonce. */
  public static Hello complete(Hello.Builder hello, RandomGenerator nonces) {
    var nonce = new byte[NONCE_BYTES];
    nonces.nextBytes(nonce);
    return hello.setProtocol(PROTOCOL).setNonce(ByteString.copyFrom(nonce)).build();
  }

  /** Returns the rule that a peer's hello breaks because it differs from this end's, or null. */
  static String difference(Hello mine, Hello peer) {
    if (peer.getProtocol() != PROTOCOL) {
      return differs("protocol", PROTOCOL, peer.getProtocol());
    }
    if (!peer.getJobId().equals(mine.getJobId())) {
      return "hello: job id must be that of this group; got '" + printable(peer.getJobId()) + "'";
    }
    if (peer.getGeneration() != mine.getGeneration()) {
      return differs("generation", mine.getGeneration(), peer.getGeneration());
    }
    if (peer.getWorldSize() != mine.getWorldSize()) {
      return differs("worldSize", mine.getWorldSize(), peer.getWorldSize());
    }
    if (peer.getSegmentBytes() != mine.getSegmentBytes()) {
      return differs("segmentBytes", mine.getSegmentBytes(), peer.getSegmentBytes());
    }
    if (peer.getWindowBytes() != mine.getWindowBytes()) {
      return differs("windowBytes", mine.getWindowBytes(), peer.getWindowBytes());
    }
    if (peer.getNonce().size() != NONCE_BYTES) {
      return differs("nonce bytes", NONCE_BYTES, peer.getNonce().size());
    }
    return null;
  }

  private static String differs(String field, int wanted, int got) {
    return "hello: " + field + " must be " + wanted + "; got " + got;
  }

  /** Returns a stranger's text for messages and logs, with '?' for characters that start lines. */
  public static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
  }
}
