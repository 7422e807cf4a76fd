package dev.bellows.comm.admission;

import dev.bellows.comm.TlsConfig;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the handshakes of one endpoint, encrypted where TLS is set up, and limits how many are in
 * progress. All connections are on one event thread.
 */
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final String endpoint;
  private final Proof proof;
  private final RandomGenerator nonces;
  private final TlsConfig tls;
  private final long timeoutMs;
  private final int mostStrangers;

  /** Connections of either side whose handshake has not ended. */
  private final Set<Channel> strangers = new HashSet<>();

  /**
   * Creates an endpoint without connections.
   *
   * @param endpoint for the log, as "rank 0"
   * @param tls encryption, or null for none
   * @param timeoutMs the longest handshake
   * @param mostStrangers the limit of handshakes in progress
   * @param nonces a cryptographically secure source
   */
  public Admission(
      String endpoint,
      Proof proof,
      TlsConfig tls,
      long timeoutMs,
      int mostStrangers,
      RandomGenerator nonces) {
    this.nonces = nonces;
    this.endpoint = endpoint;
    this.proof = proof;
    this.tls = tls;
    this.timeoutMs = timeoutMs;
    this.mostStrangers = mostStrangers;
  }

  /** Begins the handshake of a connection that this end accepts, or closes it above the limit. */
  public void accept(Channel channel, Party party) {
    if (strangers.size() >= mostStrangers) {
      LOG.warn(
          "{} closed {}: {} connections have not ended their handshake yet",
          endpoint,
          channel.remoteAddress(),
          strangers.size());
      channel.close();
    } else {
      begin(channel, party, false);
    }
  }

  /** Begins the handshake of a connection that this end opens. */
  public void connect(Channel channel, Party party) {
    begin(channel, party, true);
  }

  private void begin(Channel channel, Party party, boolean connector) {
    strangers.add(channel);
    channel.closeFuture().addListener(closed -> strangers.remove(channel));
    if (tls != null) {
      tls.install(channel.pipeline(), connector, timeoutMs);
    }
    var handler =
        new HandshakeHandler(
            proof, party, connector, timeoutMs, nonces, () -> strangers.remove(channel));
    handler.install(channel);
  }

  /** Closes the connections whose handshake has not ended, without a farewell. */
  public void close() {
    for (var channel : List.copyOf(strangers)) {
      channel.unsafe().close(channel.voidPromise());
    }
  }
}
