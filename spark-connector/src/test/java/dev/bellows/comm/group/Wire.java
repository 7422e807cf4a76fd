package dev.bellows.comm.group;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.shared.SharedFile;
import dev.bellows.comm.transport.NettyTransport;
import dev.bellows.comm.transport.Polling;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * One rank of a group of two with its end of the connection, without sockets and threads: the
 * caller does everything, and is the network and the peer. A write here runs tasks that wait, which
 * no real event loop does: run them after each start of an operation.
 */
final class Wire extends EmbeddedChannel implements DuplexChannel {
  private final CommConfig config;
  private final NettyTransport transport;
  private final boolean peerHere;
  private ProcessGroup group;
  private boolean outputShutdown;
  private int passing = Integer.MAX_VALUE;

  Wire(CommConfig config) {
    this(config, null);
  }

  /**
   * @param sharedDirectory where it makes what it offers to a peer on this machine; null if the
   *     peer is elsewhere, so that it offers nothing
   */
  Wire(CommConfig config, Path sharedDirectory) {
    config().setAllocator(PooledByteBufAllocator.DEFAULT);
    config().setWriteBufferWaterMark(NettyTransport.waterMark());
    this.config = config;
    this.peerHere = sharedDirectory != null;
    var directory = peerHere ? sharedDirectory : SharedFile.DIRECTORY;
    transport = new NettyTransport(config, eventLoop(), new Polling(), directory, this::close);
    transport.add(1 - config.rank(), this);
  }

  /** Opens the group; what has come before waits for it. */
  Wire start() {
    group = Group.start(transport, GroupOptions.of(config));
    runPendingTasks();
    return this;
  }

  ProcessGroup group() {
    return group;
  }

  /** What the peer sends. */
  void receive(byte[] bytes) {
    var buffer = Unpooled.wrappedBuffer(bytes);
    writeInbound(buffer);
    if (group != null && bytes.length > 0 && buffer.refCnt() != 0) {
      throw new AssertionError("the reader must release what it has read");
    }
  }

  /** What was sent to the peer since the last call. */
  byte[] sent() {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuf buffer = readOutbound(); buffer != null; buffer = readOutbound()) {
      var piece = new byte[buffer.readableBytes()];
      buffer.readBytes(piece).release();
      bytes.writeBytes(piece);
    }
    return bytes.toByteArray();
  }

  /** The same, but only how many bytes. */
  long dropSent() {
    var bytes = 0L;
    for (ByteBuf buffer = readOutbound(); buffer != null; buffer = readOutbound()) {
      bytes += buffer.readableBytes();
      buffer.release();
    }
    return bytes;
  }

  /** The bytes that wait here for the peer to read. */
  long pendingBytes() {
    return unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  /** From now on the peer reads so many buffers only. */
  void pass(int buffers) {
    passing = buffers;
    flush();
  }

  /** The connection breaks, and nothing is left of it. */
  void end() {
    close();
    finishAndReleaseAll();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return peerHere
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 40112)
        : super.remoteAddress0();
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws Exception {
    for (; passing > 0 && in.current() != null; passing--) {
      handleOutboundMessage(((ByteBuf) in.current()).retain());
      in.remove();
    }
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    outputShutdown = true;
    return promise.setSuccess();
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public boolean isInputShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdownInput() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public ChannelFuture shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }
}
