package dev.bellows.comm;

import dev.bellows.proto.comm.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Reads frames of one peer. The header is gathered and checked first; the receiver then says where
 * the payload goes, and its bytes are copied there as they come.
 */
final class FrameReader extends ChannelInboundHandlerAdapter {
  private final NettyTransport transport;
  private final int peer;
  private final byte[] head = new byte[FrameCodec.MAX_HEADER];

  /** What came before the group was started. */
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

  /** A payload of which less than this is missing is copied: wrapping its place costs more. */
  private static final int LEAST_LENT = 4_096;

  private Transport.Receiver receiver;
  private ReadBuffers buffers;
  private ByteBuf lent;
  private boolean discarding;
  private int lengthRead;
  private int length;
  private int headRead;
  private FrameCodec.Parsed frame;
  private Target target;
  private int payloadRead;

  FrameReader(NettyTransport transport, int peer) {
    this.transport = transport;
    this.peer = peer;
  }

  /** Has payloads read to their place; only where nothing stands between socket and reader. */
  void readInPlace(ReadBuffers buffers) {
    this.buffers = buffers;
    buffers.lend(this::lend);
  }

  private ByteBuf lend() {
    lent = null;
    if (frame != null && !discarding && frame.payloadBytes() - payloadRead >= LEAST_LENT) {
      var rest = target.buffer().slice(payloadRead, frame.payloadBytes() - payloadRead);
      lent = Unpooled.wrappedBuffer(rest).clear();
    }
    return lent;
  }

  /** Begins to deliver. */
  void start(Transport.Receiver receiver) {
    this.receiver = receiver;
    while (!waiting.isEmpty()) {
      read(waiting.poll());
    }
  }

  /** Drops everything from now on. */
  void discard() {
    discarding = true;
    waiting.forEach(ByteBuf::release);
    waiting.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    transport.touchRead(peer);
    if (receiver == null && !discarding) {
      waiting.add((ByteBuf) message);
    } else {
      read((ByteBuf) message);
    }
  }

  private void read(ByteBuf in) {
    try {
      if (in == lent) {
        lent = null;
        payloadRead += in.readableBytes();
        deliverWhole();
        return;
      }
      while (in.isReadable() && !discarding) {
        step(in);
      }
    } catch (CommException e) {
      discarding = true;
      transport.lost(peer, e);
    } finally {
      in.release();
    }
  }

  private void step(ByteBuf in) {
    if (lengthRead < FrameCodec.LENGTH_BYTES) {
      length = length << 8 | in.readUnsignedByte();
      if (++lengthRead == FrameCodec.LENGTH_BYTES) {
        transport.checkLength(length);
      }
    } else if (frame == null) {
      readHead(in);
    } else {
      var count = Math.min(in.readableBytes(), frame.payloadBytes() - payloadRead);
      in.readBytes(target.buffer().slice(payloadRead, count));
      payloadRead += count;
    }
    deliverWhole();
  }

  private void deliverWhole() {
    if (frame != null && payloadRead == frame.payloadBytes() && !discarding) {
      var whole = frame;
      var place = target;
      reset();
      if (place == null) {
        receivedElsewhere(whole);
        return;
      }
      receiver.received(peer, whole.header(), whole.payloadBytes(), place);
    }
  }

  /** What is not for the receiver, or lies in shared memory: nothing stands behind the header. */
  private static boolean isElsewhere(Frame header) {
    return header.getSharedBytes() != 0 || SharedPath.isAbout(header.getKind());
  }

  private static void checkNoPayload(FrameCodec.Parsed parsed) {
    if (parsed.payloadBytes() > 0) {
      throw CommException.fatal(
          "frame: a payload must be in one place; got "
              + parsed.payloadBytes()
              + " bytes, and "
              + parsed.header().getSharedBytes()
              + " of shared memory");
    }
  }

  private void receivedElsewhere(FrameCodec.Parsed whole) {
    if (SharedPath.isAbout(whole.header().getKind())) {
      transport.negotiate(peer, whole.header());
    } else {
      transport.receiveShared(peer, whole.header());
    }
  }

  private void readHead(ByteBuf in) {
    var wanted = Math.min(length, head.length);
    var count = Math.min(in.readableBytes(), wanted - headRead);
    in.readBytes(head, headRead, count);
    headRead += count;
    if (headRead < wanted) {
      return;
    }
    var parsed = FrameCodec.parse(head, headRead, length);
    transport.checkSender(peer, parsed.header());
    transport.credit(peer, parsed.header());
    payloadRead = headRead - parsed.payloadStart();
    if (isElsewhere(parsed.header())) {
      checkNoPayload(parsed);
    } else {
      target = receiver.target(peer, parsed.header(), parsed.payloadBytes());
      target.buffer().slice(0, payloadRead).put(head, parsed.payloadStart(), payloadRead);
    }
    frame = parsed;
    if (buffers != null) {
      buffers.largePayloads(parsed.payloadBytes() >= LEAST_LENT);
    }
  }

  private void reset() {
    lengthRead = 0;
    length = 0;
    headRead = 0;
    frame = null;
    target = null;
    payloadRead = 0;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (receiver != null && context.channel().isWritable()) {
      receiver.writable(peer);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    transport.lost(peer, CommException.retryable("connection closed by peer"));
    if (receiver != null) {
      discard(); // Else the peer's last words are heard at the start.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var category =
        cause instanceof IOException
            ? CommException.Category.RETRYABLE
            : CommException.Category.FATAL;
    transport.lost(peer, new CommException(category, cause.toString(), cause));
    context.close();
  }
}
