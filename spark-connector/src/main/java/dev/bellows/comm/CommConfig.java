package dev.bellows.comm;

import static dev.bellows.errors.Messages.message;

/**
 * Configures one rank of a process group over the network; created by {@link #builder}.
 *
 * @param jobId names the job; all ranks must agree
 * @param generation membership epoch, ≥ 0; all ranks must agree
 * @param rank this rank, 0 ≤ rank &lt; worldSize
 * @param worldSize the number of ranks, ≥ 1
 * @param bindHost address to listen on (default 127.0.0.1)
 * @param advertisedHost address the others connect to (default: bindHost)
 * @param firstPort first port to try; 0 (default) for any free one
 * @param lastPort last port to try (default: firstPort)
 * @param secret shared secret of the ranks, or null (default) for none
 * @param tls encryption of the connections, or null (default) for none
 * @param segmentBytes largest payload of a frame, a multiple of 64 (default 262144)
 * @param doublingBytes largest buffer that is all-reduced by recursive doubling where the cost
 *     model expects it to take less time; at most one segment (default 262144), 0 for never; all
 *     ranks must agree
 * @param windowBytes bytes that a peer may send before an operation has started here, at least four
 *     segments (default 16777216)
 * @param sharedBytes size of the ring in shared memory through which payloads go to each other rank
 *     on the same machine, 0 for none; at least four segments and a multiple of 64 (default
 *     4194304, or four segments if that is more). Also used with TLS, which protects the network
 *     only: the ring is open to this user only, who can read its processes anyway
 * @param connectTimeoutMs longest wait until all ranks are connected (default 30000)
 * @param handshakeTimeoutMs longest handshake of one connection (default 10000)
 * @param operationTimeoutMs longest operation (default 60000)
 * @param stallMs {@link ProcessGroup#stall} reports operations pending longer (default 10000)
 * @param heartbeatIntervalMs a frame is sent after this time without one (default 1000)
 * @param heartbeatTimeoutMs a peer is lost after this time without a frame, above the interval
 *     (default 4000)
 */
public record CommConfig(
    String jobId,
    int generation,
    int rank,
    int worldSize,
    String bindHost,
    String advertisedHost,
    int firstPort,
    int lastPort,
    byte[] secret,
    TlsConfig tls,
    int segmentBytes,
    int doublingBytes,
    int windowBytes,
    int sharedBytes,
    long connectTimeoutMs,
    long handshakeTimeoutMs,
    long operationTimeoutMs,
    long stallMs,
    long heartbeatIntervalMs,
    long heartbeatTimeoutMs) {

  private static final int SHARED_BYTES = 4 << 20;
  private static final int MOST_SHARED_BYTES = 1 << 30;

  /**
   * Checks all fields.
   *
   * @throws CommException ({@code USER}) with the rule that is broken
   */
  public CommConfig {
    require(jobId != null && !jobId.isEmpty() && jobId.length() <= 256, "jobId of 1..256", jobId);
    require(generation >= 0, "generation >= 0", generation);
    require(worldSize >= 1, "worldSize >= 1", worldSize);
    require(rank >= 0 && rank < worldSize, "0 <= rank < worldSize " + worldSize, rank);
    require(bindHost != null, "bindHost", bindHost);
    require(advertisedHost != null, "advertisedHost", advertisedHost);
    require(firstPort >= 0 && firstPort <= 65_535, "firstPort of 0..65535", firstPort);
    require(lastPort >= firstPort && lastPort <= 65_535, "firstPort <= lastPort", lastPort);
    require(
        secret != null || !isWildcard(bindHost),
        "a secret, or a bindHost that is one address of this machine",
        "no secret and bindHost " + bindHost);
    require(
        segmentBytes >= 64 && segmentBytes <= 16 << 20 && segmentBytes % 64 == 0,
        "segmentBytes a multiple of 64 up to 16 MiB",
        segmentBytes);
    require(doublingBytes >= 0, "doublingBytes >= 0", doublingBytes);
    require(windowBytes >= 4 * segmentBytes, "windowBytes >= 4 segments", windowBytes);
    require(
        sharedBytes == 0
            || (sharedBytes >= 4 * segmentBytes
                && sharedBytes % 64 == 0
                && sharedBytes <= MOST_SHARED_BYTES),
        "sharedBytes 0, or at least 4 segments up to 1 GiB, a multiple of 64",
        sharedBytes);
    require(connectTimeoutMs > 0, "connectTimeoutMs > 0", connectTimeoutMs);
    require(handshakeTimeoutMs > 0, "handshakeTimeoutMs > 0", handshakeTimeoutMs);
    require(operationTimeoutMs > 0, "operationTimeoutMs > 0", operationTimeoutMs);
    require(stallMs > 0, "stallMs > 0", stallMs);
    require(heartbeatIntervalMs > 0, "heartbeatIntervalMs > 0", heartbeatIntervalMs);
    require(
        heartbeatTimeoutMs > heartbeatIntervalMs,
        "heartbeatTimeoutMs > heartbeatIntervalMs",
        heartbeatTimeoutMs);
    secret = secret == null ? null : secret.clone();
  }

  private static boolean isWildcard(String host) {
    return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
  }

  private static void require(boolean holds, String rule, Object got) {
    if (!holds) {
      throw CommException.user(message("commConfig: needs %s; got %s", rule, got));
    }
  }

  /** Returns a builder with the defaults. */
  public static Builder builder(String jobId, int generation, int rank, int worldSize) {
    return new Builder(jobId, generation, rank, worldSize);
  }

  @Override
  public byte[] secret() {
    return secret == null ? null : secret.clone();
  }

  /** Returns the job, the generation and the rank, never the secret. */
  @Override
  public String toString() {
    return "CommConfig[job "
        + jobId
        + ", generation "
        + generation
        + ", rank "
        + rank
        + " of "
        + worldSize
        + "]";
  }

  /** Collects the fields; see {@link CommConfig} for their meaning. */
  public static final class Builder {
    private final String jobId;
    private final int generation;
    private final int rank;
    private final int worldSize;
    private String bindHost = "127.0.0.1";
    private String advertisedHost;
    private int firstPort;
    private int lastPort;
    private byte[] secret;
    private TlsConfig tls;
    private int segmentBytes = 256 << 10;
    private int doublingBytes = 256 << 10;
    private int windowBytes = 16 << 20;
    private Integer sharedBytes;
    private long connectTimeoutMs = 30_000;
    private long handshakeTimeoutMs = 10_000;
    private long operationTimeoutMs = 60_000;
    private long stallMs = 10_000;
    private long heartbeatIntervalMs = 1_000;
    private long heartbeatTimeoutMs = 4_000;

    private Builder(String jobId, int generation, int rank, int worldSize) {
      this.jobId = jobId;
      this.generation = generation;
      this.rank = rank;
      this.worldSize = worldSize;
    }

    /** Address to listen on. */
    public Builder bindHost(String value) {
      bindHost = value;
      return this;
    }

    /** Address the others connect to. */
    public Builder advertisedHost(String value) {
      advertisedHost = value;
      return this;
    }

    /** Ports to try, both ends included. */
    public Builder ports(int first, int last) {
      firstPort = first;
      lastPort = last;
      return this;
    }

    /** Sets the secret that the ranks share. */
    public Builder secret(byte[] value) {
      secret = value == null ? null : value.clone();
      return this;
    }

    /** Sets the encryption of the connections; null for none. */
    public Builder tls(TlsConfig value) {
      tls = value;
      return this;
    }

    /** Sets the largest payload of a frame. */
    public Builder segmentBytes(int value) {
      segmentBytes = value;
      return this;
    }

    /** Sets the largest buffer that is all-reduced by recursive doubling. */
    public Builder doublingBytes(int value) {
      doublingBytes = value;
      return this;
    }

    /** Sets how many bytes a peer may send ahead. */
    public Builder windowBytes(int value) {
      windowBytes = value;
      return this;
    }

    /**
     * Sets the shared memory for payloads to each other rank on the same machine; 0 for none.
     * Default: the system property {@code bellows.comm.sharedBytes}, else 4 MiB, or four segments
     * if that is more.
     */
    public Builder sharedBytes(int value) {
      sharedBytes = value;
      return this;
    }

    /** Sets the longest wait until all ranks are connected. */
    public Builder connectTimeoutMs(long value) {
      connectTimeoutMs = value;
      return this;
    }

    /** Sets the longest handshake of one connection. */
    public Builder handshakeTimeoutMs(long value) {
      handshakeTimeoutMs = value;
      return this;
    }

    /** Sets the longest operation. */
    public Builder operationTimeoutMs(long value) {
      operationTimeoutMs = value;
      return this;
    }

    /** Sets after how long a pending operation is reported as stalled. */
    public Builder stallMs(long value) {
      stallMs = value;
      return this;
    }

    /** Sets interval and timeout of heartbeats. */
    public Builder heartbeatMs(long interval, long timeout) {
      heartbeatIntervalMs = interval;
      heartbeatTimeoutMs = timeout;
      return this;
    }

    private int defaultSharedBytes() {
      return Integer.getInteger(
          "bellows.comm.sharedBytes", Math.max(SHARED_BYTES, 4 * segmentBytes));
    }

    /**
     * Returns the configuration.
     *
     * @throws CommException ({@code USER}) if a field is out of range
     */
    public CommConfig build() {
      return new CommConfig(
          jobId,
          generation,
          rank,
          worldSize,
          bindHost,
          advertisedHost == null ? bindHost : advertisedHost,
          firstPort,
          lastPort,
          secret,
          tls,
          segmentBytes,
          doublingBytes,
          windowBytes,
          sharedBytes == null ? defaultSharedBytes() : sharedBytes,
          connectTimeoutMs,
          handshakeTimeoutMs,
          operationTimeoutMs,
          stallMs,
          heartbeatIntervalMs,
          heartbeatTimeoutMs);
    }
  }
}
