package dev.bellows.comm.transport;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.shared.SharedFile;
import dev.bellows.comm.shared.SharedPath;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frames over one {@link Connection} per peer, all on one event loop. */
public final class NettyTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final int LOW_WATER = 512 << 10;

  /** A peer takes no more frames while so many bytes wait for its socket. */
  public static final int HIGH_WATER = 1 << 20;

  private final CommConfig config;
  private final EventLoop loop;
  private final long job;
  private final Polling polling;
  private final Runnable terminate;
  private final Connection[] connections;
  private final Path sharedDirectory;
  private final LongAdder sharedSent = new LongAdder();
  private final LongAdder sharedReceived = new LongAdder();
  private volatile List<InetSocketAddress> addresses = List.of();
  private Receiver receiver;
  private int unfinished;

  /** Offers of rings that have not been answered. */
  private int offers;

  /**
   * Creates a transport whose connections come through {@link #add}.
   *
   * @param polling how the event loop waits
   * @param terminate closes the endpoint and ends its threads
   */
  public NettyTransport(CommConfig config, EventLoop loop, Polling polling, Runnable terminate) {
    this(config, loop, polling, SharedFile.DIRECTORY, terminate);
  }

  /**
   * Creates a transport with another directory for shared memory.
   *
   * @param sharedDirectory where rings are made
   */
  public NettyTransport(
      CommConfig config,
      EventLoop loop,
      Polling polling,
      Path sharedDirectory,
      Runnable terminate) {
    this.polling = polling;
    this.sharedDirectory = sharedDirectory;
    this.config = config;
    this.loop = loop;
    this.job = FrameCodec.jobNumber(config.jobId());
    this.terminate = terminate;
    this.connections = new Connection[config.worldSize()];
  }

  /** Returns the limits at which a channel stops and resumes accepting frames. */
  public static WriteBufferWaterMark waterMark() {
    return new WriteBufferWaterMark(LOW_WATER, HIGH_WATER);
  }

  /** Sets the advertised addresses, by rank, for messages. */
  public void addresses(List<InetSocketAddress> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /** Takes over a channel whose handshake is done; reading waits for the start. */
  public void add(int peer, Channel channel) {
    if (connections[peer] != null) {
      connections[peer].discardInput();
    }
    var shared = new SharedPath(sharedDirectory, config.sharedBytes(), config.segmentBytes());
    connections[peer] = new Connection(this, peer, channel, shared);
  }

  /** Returns whether there is a connection to the peer. */
  public boolean connected(int peer) {
    return connections[peer] != null && !connections[peer].isLost();
  }

  @Override
  public int rank() {
    return config.rank();
  }

  @Override
  public int worldSize() {
    return config.worldSize();
  }

  int segmentBytes() {
    return config.segmentBytes();
  }

  /** Returns the receiver, or null before the start. */
  Receiver receiver() {
    return receiver;
  }

  @Override
  public String describe(int peer) {
    if (peer >= addresses.size()) {
      return "rank " + peer;
    }
    var address = addresses.get(peer);
    return "rank " + peer + " (" + address.getHostString() + ":" + address.getPort() + ")";
  }

  private void each(Consumer<Connection> action) {
    for (var connection : connections) {
      if (connection != null) {
        action.accept(connection);
      }
    }
  }

  @Override
  public void start(Receiver receiver, long tickMs) {
    this.receiver = receiver;
    offerRings();
    each(Connection::start);
    loop.scheduleAtFixedRate(receiver::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void callerWaits() {
    polling.enter();
  }

  @Override
  public void callerGoesOn() {
    polling.leave();
  }

  @Override
  public boolean inLoop() {
    return loop.inEventLoop();
  }

  @Override
  public boolean writable(int peer) {
    return connections[peer] != null && connections[peer].isWritable();
  }

  @Override
  public void write(int peer, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    connections[peer].write(header, payload, sent);
  }

  /** Fills in the job, the generation and this rank. */
  Frame signed(Frame.Builder header) {
    return header.setJob(job).setGeneration(config.generation()).setFrom(config.rank()).build();
  }

  /** Refuses a frame that is not of this job, this generation and this peer. */
  void checkSender(int peer, Frame header) {
    if (header.getJob() != job
        || header.getGeneration() != config.generation()
        || header.getFrom() != peer) {
      throw CommException.fatal(
          message(
              "frame: job, generation and rank must be %s, %s, %s; got %s, %s, %s",
              Long.toHexString(job),
              config.generation(),
              peer,
              Long.toHexString(header.getJob()),
              header.getGeneration(),
              header.getFrom()));
    }
  }

  private void offerRings() {
    if (config.sharedBytes() > 0) {
      each(this::offerRing);
    }
    if (offers == 0) {
      logRings();
    }
  }

  private void offerRing(Connection connection) {
    if (!connection.isLost() && SharedPath.isHere(connection.channel().remoteAddress())) {
      var offer = connection.shared().offer();
      if (offer != null) {
        offers++;
        connection.send(offer);
      }
    }
  }

  /** Records that a peer has accepted or refused a ring. */
  void offerAnswered() {
    if (--offers == 0) {
      logRings();
    }
  }

  private void logRings() {
    var through = new ArrayList<Integer>();
    var refused = new ArrayList<String>();
    for (var rank = 0; rank < connections.length; rank++) {
      var shared = connections[rank] == null ? null : connections[rank].shared();
      if (shared != null && shared.writer() != null) {
        through.add(rank);
      } else if (shared != null && shared.refusal() != null) {
        refused.add("rank " + rank + ": " + shared.refusal());
      }
    }
    if (!through.isEmpty() || !refused.isEmpty()) {
      LOG.info(
          "rank {} of {}: payloads go through shared memory to ranks {}, through sockets to all"
              + " others {}",
          config.rank(),
          config.worldSize(),
          through,
          refused);
    }
  }

  void countSharedSent(int bytes) {
    sharedSent.add(bytes);
  }

  void countSharedReceived(int bytes) {
    sharedReceived.add(bytes);
  }

  @Override
  public long sharedBytesSent() {
    return sharedSent.sum();
  }

  @Override
  public long sharedBytesReceived() {
    return sharedReceived.sum();
  }

  @Override
  public void flush(int peer) {
    connections[peer].flush();
  }

  @Override
  public long idleReadNanos(int peer) {
    return connections[peer].idleReadNanos();
  }

  @Override
  public long idleWriteNanos(int peer) {
    return connections[peer].idleWriteNanos();
  }

  @Override
  public void discardInput() {
    each(Connection::discardInput);
  }

  @Override
  public void closePeer(int peer) {
    connections[peer].close();
  }

  @Override
  public void finish(long graceMs, Runnable then) {
    var pending = new Object[] {then};
    unfinished = 1;
    Runnable countDown =
        () -> {
          if (--unfinished == 0 && pending[0] != null) {
            pending[0] = null;
            then.run();
          }
        };
    each(
        connection -> {
          if (connection.channel().isActive()) {
            unfinished++;
            connection.finish(countDown);
          }
        });
    countDown.run();
    if (pending[0] != null) {
      loop.schedule(this::closeAll, graceMs, TimeUnit.MILLISECONDS);
    }
  }

  /** Runs a task on the event thread after a delay. */
  public void schedule(Runnable task, long delayMs) {
    loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
  }

  /** Runs {@code then} when all connections are closed, which is forced after {@code lingerMs}. */
  public void whenClosed(long lingerMs, Runnable then) {
    var open = new int[] {1};
    Runnable countDown =
        () -> {
          if (--open[0] == 0) {
            then.run();
          }
        };
    each(
        connection -> {
          open[0]++;
          connection.channel().closeFuture().addListener(closed -> countDown.run());
          connection.closeUnreleased();
        });
    schedule(this::closeAll, lingerMs);
    countDown.run();
  }

  /** Closes all connections; queued frames are dropped. */
  private void closeAll() {
    each(Connection::close);
  }

  @Override
  public void terminate() {
    terminate.run();
  }
}
