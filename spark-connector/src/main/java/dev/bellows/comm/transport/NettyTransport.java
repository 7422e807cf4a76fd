package dev.bellows.comm;

import dev.bellows.proto.comm.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames over one TCP connection per peer, all on one event loop. Payloads for ranks on the same
 * machine go through shared memory where it can be had ({@link SharedPath}).
 */
final class NettyTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  /** A payload up to this size is copied behind its header: one buffer is cheaper than two. */
  private static final int COPY_BYTES = 4_096;

  private final CommConfig config;
  private final EventLoop loop;
  private final long job;
  private final Polling polling;
  private final Runnable terminate;
  private final Peer[] peers;
  private final Path sharedDirectory;
  private final LongAdder sharedSent = new LongAdder();
  private final LongAdder sharedReceived = new LongAdder();
  private volatile List<InetSocketAddress> addresses = List.of();
  private Receiver receiver;
  private int unfinished;

  /** Offers of rings that have not been answered. */
  private int offers;

  /** One connection. */
  private static final class Peer {
    private final Channel channel;
    private final FrameReader reader;
    private final SharedPath shared;
    private long lastRead = System.nanoTime();
    private long lastWrite = System.nanoTime();
    private boolean released;
    private CommException lost;

    private Peer(Channel channel, FrameReader reader, SharedPath shared) {
      this.channel = channel;
      this.reader = reader;
      this.shared = shared;
    }
  }

  /**
   * @param polling how the event loop waits
   * @param terminate closes the endpoint and ends its threads
   */
  NettyTransport(CommConfig config, EventLoop loop, Polling polling, Runnable terminate) {
    this(config, loop, polling, SharedFile.DIRECTORY, terminate);
  }

  NettyTransport(
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
    this.peers = new Peer[config.worldSize()];
  }

  /** The advertised addresses, by rank, for messages. */
  void addresses(List<InetSocketAddress> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /** Takes over a connection whose handshake is done; reading waits for the start. */
  void add(int peer, Channel channel) {
    channel.config().setAutoRead(false);
    if (peers[peer] != null) {
      peers[peer].reader.discard();
    }
    var shared = new SharedPath(sharedDirectory, config.sharedBytes(), config.segmentBytes());
    channel.closeFuture().addListener(closed -> shared.close());
    peers[peer] = new Peer(channel, new FrameReader(this, peer), shared);
    channel.pipeline().addLast(peers[peer].reader);
    if (channel.config().getRecvByteBufAllocator() instanceof ReadBuffers buffers) {
      peers[peer].reader.readInPlace(buffers);
    }
  }

  boolean connected(int peer) {
    return peers[peer] != null && peers[peer].lost == null;
  }

  @Override
  public int rank() {
    return config.rank();
  }

  @Override
  public int worldSize() {
    return config.worldSize();
  }

  @Override
  public String describe(int peer) {
    if (peer >= addresses.size()) {
      return "rank " + peer;
    }
    var address = addresses.get(peer);
    return "rank " + peer + " (" + address.getHostString() + ":" + address.getPort() + ")";
  }

  @Override
  public void start(Receiver receiver, long tickMs) {
    this.receiver = receiver;
    offerRings();
    for (var rank = 0; rank < peers.length; rank++) {
      var peer = peers[rank];
      if (peer == null) {
        continue;
      }
      peer.lastRead = System.nanoTime();
      peer.lastWrite = peer.lastRead;
      // What came before the end comes first: it may be all that is needed, or say why it ended.
      peer.reader.start(receiver);
      if (peer.lost == null) {
        peer.channel.config().setAutoRead(true);
      } else if (!peer.released) {
        receiver.lost(rank, peer.lost);
      }
    }
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
    if (peers[peer] == null || !peers[peer].channel.isWritable()) {
      return false;
    }
    var writer = peers[peer].shared.writer();
    return writer == null || writer.hasRoom();
  }

  @Override
  public void write(int rank, Frame.Builder header, ByteBuffer payload, Runnable sent) {
    var peer = peers[rank];
    var channel = peer.channel;
    peer.lastWrite = System.nanoTime();
    if (payload != null && share(peer, header, payload)) {
      payload = null;
    }
    var reader = peer.shared.reader();
    if (reader != null) {
      header.setSharedRead(reader.tell());
    }
    var bytes = payload == null ? 0 : payload.remaining();
    var small = bytes <= COPY_BYTES;
    var message =
        header.setJob(job).setGeneration(config.generation()).setFrom(config.rank()).build();
    var head = FrameCodec.encode(channel.alloc(), message, bytes, small ? bytes : 0);
    if (small && bytes > 0) {
      head.writeBytes(payload.duplicate());
    }
    var last = channel.write(head);
    if (!small) {
      last = channel.write(wrap(payload));
    }
    last.addListener((ChannelFuture done) -> written(rank, done, sent));
  }

  /** Puts a payload in the ring if there is one and it has room. */
  private boolean share(Peer peer, Frame.Builder header, ByteBuffer payload) {
    var writer = peer.shared.writer();
    var bytes = payload.remaining();
    if (writer == null || bytes == 0 || !SharedPath.carries(header.getKind())) {
      return false;
    }
    var position = writer.put(payload);
    if (position < 0) {
      return false;
    }
    header.setSharedPosition(position).setSharedBytes(bytes);
    sharedSent.add(bytes);
    return true;
  }

  private void offerRings() {
    for (var rank = 0; rank < peers.length; rank++) {
      var peer = peers[rank];
      if (config.sharedBytes() > 0
          && peer != null
          && peer.lost == null
          && SharedPath.isHere(peer.channel.remoteAddress())) {
        var offer = peer.shared.offer();
        if (offer != null) {
          offers++;
          send(rank, offer);
        }
      }
    }
    if (offers == 0) {
      logRings();
    }
  }

  private void send(int rank, Frame.Builder header) {
    write(rank, header, null, () -> {});
    flush(rank);
  }

  /** A frame about shared memory itself. */
  void negotiate(int rank, Frame header) {
    var shared = peers[rank].shared;
    if (header.getKind() == Frame.Kind.SHARED_OFFER) {
      send(rank, shared.answer(header.getSharedOffer()));
      return;
    }
    shared.answered(header.getSharedRefusal());
    if (--offers == 0) {
      logRings();
    }
  }

  private void logRings() {
    var through = new ArrayList<Integer>();
    var refused = new ArrayList<String>();
    for (var rank = 0; rank < peers.length; rank++) {
      if (peers[rank] != null && peers[rank].shared.writer() != null) {
        through.add(rank);
      } else if (peers[rank] != null && peers[rank].shared.refusal() != null) {
        refused.add("rank " + rank + ": " + peers[rank].shared.refusal());
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

  /** The sender of a frame says how far it has read what this rank has put in its ring. */
  void credit(int rank, Frame header) {
    var writer = peers[rank].shared.writer();
    if (writer == null) {
      if (header.getSharedRead() != 0) {
        throw CommException.fatal("frame: there is no shared ring that could be read");
      }
      return;
    }
    var full = !writer.hasRoom();
    writer.read(header.getSharedRead());
    if (full && writer.hasRoom()) {
      receiver.writable(rank);
    }
  }

  /** Delivers a frame whose payload lies in the peer's ring. */
  void receiveShared(int rank, Frame header) {
    var peer = peers[rank];
    var reader = peer.shared.reader();
    if (reader == null || !SharedPath.carries(header.getKind())) {
      throw CommException.fatal(
          "frame: a shared payload must be one of a ring that was taken; got " + header.getKind());
    }
    var position = header.getSharedPosition();
    var bytes = header.getSharedBytes();
    receiver.receivedShared(rank, header, reader.next(position, bytes));
    sharedReceived.add(bytes);
    reader.release(position, bytes);
    if (reader.owes() && peer.channel.isActive()) {
      send(rank, Frame.newBuilder().setKind(Frame.Kind.HEARTBEAT));
    }
  }

  @Override
  public long sharedBytesSent() {
    return sharedSent.sum();
  }

  @Override
  public long sharedBytesReceived() {
    return sharedReceived.sum();
  }

  private static ByteBuf wrap(ByteBuffer payload) {
    return Unpooled.wrappedBuffer(payload.slice());
  }

  private void written(int rank, ChannelFuture done, Runnable sent) {
    if (done.isSuccess() || peers[rank].released) {
      sent.run();
    } else {
      lost(rank, CommException.retryable("connection closed: " + done.cause()));
    }
  }

  @Override
  public void flush(int peer) {
    peers[peer].channel.flush();
  }

  @Override
  public long idleReadNanos(int peer) {
    return System.nanoTime() - peers[peer].lastRead;
  }

  @Override
  public long idleWriteNanos(int peer) {
    return System.nanoTime() - peers[peer].lastWrite;
  }

  void touchRead(int peer) {
    peers[peer].lastRead = System.nanoTime();
  }

  /** Refuses the length of a message before anything is kept of it. */
  void checkLength(int length) {
    var limit = config.segmentBytes() + FrameCodec.MAX_HEADER;
    if (length <= 0 || length > limit) {
      throw CommException.fatal("frame: length must be 1.." + limit + " bytes; got " + length);
    }
  }

  /** Refuses a frame that is not of this job, this generation and this peer. */
  void checkSender(int peer, Frame header) {
    if (header.getJob() != job
        || header.getGeneration() != config.generation()
        || header.getFrom() != peer) {
      throw CommException.fatal(
          "frame: job, generation and rank must be "
              + Long.toHexString(job)
              + ", "
              + config.generation()
              + ", "
              + peer
              + "; got "
              + Long.toHexString(header.getJob())
              + ", "
              + header.getGeneration()
              + ", "
              + header.getFrom());
    }
  }

  /** A connection is gone or broke a rule. */
  void lost(int rank, CommException cause) {
    var peer = peers[rank];
    if (peer.released || peer.lost != null) {
      return;
    }
    peer.lost = cause;
    if (receiver != null) {
      receiver.lost(rank, cause);
    } else {
      peer.channel.close();
    }
  }

  @Override
  public void discardInput() {
    for (var peer : peers) {
      if (peer != null) {
        peer.reader.discard();
      }
    }
  }

  @Override
  public void closePeer(int rank) {
    peers[rank].released = true;
    peers[rank].channel.close();
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
    for (var peer : peers) {
      if (peer != null && peer.channel.isActive()) {
        peer.released = true;
        unfinished++;
        peer.channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                flushed -> {
                  countDown.run();
                  // The peer reads to the end and closes; closing here might discard what is under
                  // way.
                  shutdownOutput((DuplexChannel) peer.channel);
                });
      }
    }
    countDown.run();
    if (pending[0] != null) {
      loop.schedule(this::closeAll, graceMs, TimeUnit.MILLISECONDS);
    }
  }

  private static void shutdownOutput(DuplexChannel channel) {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(closed -> channel.shutdownOutput());
    }
  }

  void schedule(Runnable task, long delayMs) {
    loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
  }

  /** Runs {@code then} when all connections are closed, which is forced after {@code lingerMs}. */
  void whenClosed(long lingerMs, Runnable then) {
    var open = new int[] {1};
    Runnable countDown =
        () -> {
          if (--open[0] == 0) {
            then.run();
          }
        };
    for (var peer : peers) {
      if (peer != null) {
        open[0]++;
        peer.channel.closeFuture().addListener(closed -> countDown.run());
        if (!peer.released) {
          peer.reader.discard();
          peer.channel.close(); // Never part of a group.
        }
      }
    }
    schedule(this::closeAll, lingerMs);
    countDown.run();
  }

  /** Closes all connections; what is still queued is dropped. */
  private void closeAll() {
    for (var peer : peers) {
      if (peer != null) {
        peer.released = true;
        peer.channel.close();
      }
    }
  }

  @Override
  public void terminate() {
    terminate.run();
  }
}
