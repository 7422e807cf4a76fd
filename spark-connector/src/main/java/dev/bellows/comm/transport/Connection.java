package dev.bellows.comm.transport;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.comm.shared.SharedPath;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.comm.wire.FrameReader;
import dev.bellows.comm.wire.ReadBuffers;
import dev.bellows.comm.wire.Target;
import dev.bellows.proto.comm.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;

/**
 * The connection to one peer: frames through its socket, payloads through shared memory once both
 * sides have agreed on a ring ({@link SharedPath}). Confined to the event thread.
 */
final class Connection implements FrameReader.Sink {
  /** A payload up to this size is copied behind its header: one buffer is cheaper than two. */
  private static final int COPY_BYTES = 4_096;

  private final NettyTransport transport;
  private final int peer;
  private final Channel channel;
  private final FrameReader reader;
  private final SharedPath shared;
  private long lastRead = System.nanoTime();
  private long lastWrite = lastRead;
  private boolean released;
  private CommException lost;

  /** Takes over a channel whose handshake is done; reading waits for {@link #start}. */
  Connection(NettyTransport transport, int peer, Channel channel, SharedPath shared) {
    this.transport = transport;
    this.peer = peer;
    this.channel = channel;
    this.reader = new FrameReader(transport.segmentBytes(), this);
    this.shared = shared;
    channel.config().setAutoRead(false);
    channel.closeFuture().addListener(closed -> shared.close());
    channel.pipeline().addLast(reader);
    if (channel.config().getRecvByteBufAllocator() instanceof ReadBuffers buffers) {
      reader.readInPlace(buffers);
    }
  }

  boolean isLost() {
    return lost != null;
  }

  SharedPath shared() {
    return shared;
  }

  Channel channel() {
    return channel;
  }

  /** Begins to read. */
  void start() {
    lastRead = System.nanoTime();
    lastWrite = lastRead;
    // Frames that arrived before the end come first: they may complete operations or hold the
    // cause.
    reader.start();
    if (lost == null) {
      channel.config().setAutoRead(true);
    } else if (!released) {
      transport.receiver().lost(peer, lost);
    }
  }

  /** Drops what arrives from now on. */
  void discardInput() {
    reader.discard();
  }

  long idleReadNanos() {
    return System.nanoTime() - lastRead;
  }

  long idleWriteNanos() {
    return System.nanoTime() - lastWrite;
  }

  // Sending.

  boolean isWritable() {
    if (!channel.isWritable()) {
      return false;
    }
    var writer = shared.writer();
    return writer == null || writer.hasRoom();
  }

  void write(Frame.Builder header, ByteBuffer payload, Runnable sent) {
    lastWrite = System.nanoTime();
    if (payload != null && share(header, payload)) {
      payload = null;
    }
    var ring = shared.reader();
    if (ring != null) {
      header.setSharedRead(ring.tell());
    }
    var bytes = payload == null ? 0 : payload.remaining();
    var small = bytes <= COPY_BYTES;
    var head =
        FrameCodec.encode(channel.alloc(), transport.signed(header), bytes, small ? bytes : 0);
    if (small && bytes > 0) {
      head.writeBytes(payload.duplicate());
    }
    var last = channel.write(head);
    if (!small) {
      last = channel.write(wrap(payload));
    }
    last.addListener((ChannelFuture done) -> written(done, sent));
  }

  private static ByteBuf wrap(ByteBuffer payload) {
    return Unpooled.wrappedBuffer(payload.slice());
  }

  /** Puts a payload in the ring if there is one and it has room. */
  private boolean share(Frame.Builder header, ByteBuffer payload) {
    var writer = shared.writer();
    var bytes = payload.remaining();
    if (writer == null || bytes == 0 || !SharedPath.carries(header.getKind())) {
      return false;
    }
    var position = writer.put(payload);
    if (position < 0) {
      return false;
    }
    header.setSharedPosition(position).setSharedBytes(bytes);
    transport.countSharedSent(bytes);
    return true;
  }

  private void written(ChannelFuture done, Runnable sent) {
    if (done.isSuccess() || released) {
      sent.run();
    } else {
      lost(CommException.retryable("connection closed: " + done.cause()));
    }
  }

  void flush() {
    channel.flush();
  }

  void send(Frame.Builder header) {
    write(header, null, () -> {});
    flush();
  }

  // Receiving.

  @Override
  public void heard() {
    lastRead = System.nanoTime();
  }

  @Override
  public Target target(FrameCodec.Parsed frame) {
    var header = frame.header();
    transport.checkSender(peer, header);
    credit(header);
    if (!isElsewhere(header)) {
      return transport.receiver().target(peer, header, frame.payloadBytes());
    }
    if (frame.payloadBytes() > 0) {
      throw CommException.fatal(
          message(
              "frame: a payload must be in one place; got %s bytes, and %s of shared memory",
              frame.payloadBytes(), header.getSharedBytes()));
    }
    return Target.NONE;
  }

  /** Returns whether a frame is not for the receiver, or has its payload in shared memory. */
  private static boolean isElsewhere(Frame header) {
    return header.getSharedBytes() != 0 || SharedPath.isAbout(header.getKind());
  }

  @Override
  public void received(Frame header, int payloadBytes, Target target) {
    if (!isElsewhere(header)) {
      transport.receiver().received(peer, header, payloadBytes, target);
    } else if (SharedPath.isAbout(header.getKind())) {
      negotiate(header);
    } else {
      receiveShared(header);
    }
  }

  private void negotiate(Frame header) {
    if (header.getKind() == Frame.Kind.SHARED_OFFER) {
      send(shared.answer(header.getSharedOffer()));
      return;
    }
    shared.answered(header.getSharedRefusal());
    transport.offerAnswered();
  }

  /** Takes from the header how far the peer has read this rank's ring. */
  private void credit(Frame header) {
    var writer = shared.writer();
    if (writer == null) {
      if (header.getSharedRead() != 0) {
        throw CommException.fatal("frame: there is no shared ring that could be read");
      }
      return;
    }
    var full = !writer.hasRoom();
    writer.read(header.getSharedRead());
    if (full && writer.hasRoom()) {
      transport.receiver().writable(peer);
    }
  }

  /** Delivers a frame whose payload is in the peer's ring. */
  private void receiveShared(Frame header) {
    var ring = shared.reader();
    if (ring == null || !SharedPath.carries(header.getKind())) {
      throw CommException.fatal(
          "frame: a shared payload must be one of a ring that was taken; got " + header.getKind());
    }
    var position = header.getSharedPosition();
    var bytes = header.getSharedBytes();
    transport.receiver().receivedShared(peer, header, ring.next(position, bytes));
    transport.countSharedReceived(bytes);
    ring.release(position, bytes);
    if (ring.owes() && channel.isActive()) {
      send(Frame.newBuilder().setKind(Frame.Kind.HEARTBEAT));
    }
  }

  @Override
  public void writable() {
    transport.receiver().writable(peer);
  }

  // Ending.

  @Override
  public void lost(CommException cause) {
    if (released || lost != null) {
      return;
    }
    lost = cause;
    if (transport.receiver() != null) {
      transport.receiver().lost(peer, cause);
    } else {
      channel.close();
    }
  }

  /** Closes the channel; what happens to it from now on is no failure. */
  void close() {
    released = true;
    channel.close();
  }

  /** Closes the channel unless a group has released it. */
  void closeUnreleased() {
    if (!released) {
      reader.discard();
      channel.close();
    }
  }

  /** Sends what is queued, then runs {@code flushed}, and ends the output; the peer closes. */
  void finish(Runnable flushed) {
    released = true;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              flushed.run();
              // The peer reads to the end and closes; closing here might discard data in flight.
              shutdownOutput((DuplexChannel) channel);
            });
  }

  private static void shutdownOutput(DuplexChannel channel) {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(closed -> channel.shutdownOutput());
    }
  }
}
