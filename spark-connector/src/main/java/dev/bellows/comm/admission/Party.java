package dev.bellows.comm.admission;

import dev.bellows.proto.comm.Hello;
import io.netty.channel.Channel;

/** One end of a handshake: describes itself and judges the peer. Event thread. */
public interface Party {
  /** Describes this end; protocol and nonce are filled in. */
  Hello.Builder hello();

  /**
   * Returns the rule that the peer's hello breaks, or null: by default, that both ends agree in
   * protocol, job, generation and sizes. An accepting end checks twice: before it replies, and
   * again before it admits the peer.
   */
  default String refusal(Hello mine, Hello peer) {
    return Hellos.difference(mine, peer);
  }

  /**
   * Takes over a channel whose peer has proved that it knows the secret. Handlers that are added to
   * the pipeline now get all that the peer sends after the handshake.
   */
  void admitted(Channel channel, Hello peer);

  /** Reports that the handshake has failed; the channel closes. */
  void failed(Channel channel, Failure failure, String reason);

  /** Why a handshake failed. */
  enum Failure {
    /** The connection broke, or the deadline passed: trying again may help. */
    BROKEN,
    /** The peer has refused this end. */
    REFUSED_BY_PEER,
    /** This end has refused the peer, which broke a rule. */
    REFUSED,
    /** This end has refused the peer, which does not know the secret. */
    UNPROVED
  }
}
