package dev.bellows.comm.wire;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.CommException;
import dev.bellows.proto.comm.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Reads the frames of one connection. The header is collected and checked first; the sink then
 * chooses the destination of the payload, and its bytes are copied there as they arrive.
 */
public final class FrameReader extends ChannelInboundHandlerAdapter {
  /** A payload of which less than this is missing is copied: wrapping its place costs more. */
  private static final int LEAST_LENT = 4_096;

  private final int lengthLimit;
  private final Sink sink;
  private final byte[] head = new byte[FrameCodec.MAX_HEADER];

  /** What arrived before {@link #start}. */
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

  private ReadBuffers buffers;
  private ByteBuf lent;
  private boolean started;
  private boolean discarding;
  private int lengthRead;
  private int length;
  private int headRead;
  private FrameCodec.Parsed frame;
  private Target target;
  private int payloadRead;

  /** Takes the frames of one connection; event thread. */
  public interface Sink {
    /** Records that bytes were read, or wait to be read. */
    void heard();

    /**
     * Returns where the payload of a frame goes.
     *
     * @throws CommException if the frame is refused; {@link #lost} follows
     */
    Target target(FrameCodec.Parsed frame);

    /** Handles a complete frame. */
    void received(Frame header, int payloadBytes, Target target);

    /** Handles a connection that accepts more bytes again. */
    void writable();

    /** Handles a connection that broke, or whose peer violated a rule. */
    void lost(CommException cause);
  }

  /**
   * Creates a reader that keeps what arrives until {@link #start}.
   *
   * @param segmentBytes the largest payload
   * @param sink takes the frames
   */
  public FrameReader(int segmentBytes, Sink sink) {
    this.lengthLimit = segmentBytes + FrameCodec.MAX_HEADER;
    this.sink = sink;
  }

  /** Has payloads read to their place; only where no handler stands between socket and reader. */
  public void readInPlace(ReadBuffers buffers) {
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

  /** Begins to deliver frames, those first that have arrived before. */
  public void start() {
    started = true;
    while (!waiting.isEmpty()) {
      read(waiting.poll());
    }
  }

  /** Drops everything from now on. */
  public void discard() {
    discarding = true;
    waiting.forEach(ByteBuf::release);
    waiting.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    sink.heard();
    if (!started && !discarding) {
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
      sink.lost(e);
    } finally {
      in.release();
    }
  }

  private void step(ByteBuf in) {
    if (lengthRead < FrameCodec.LENGTH_BYTES) {
      length = length << 8 | in.readUnsignedByte();
      if (++lengthRead == FrameCodec.LENGTH_BYTES) {
        checkLength();
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

  /** Refuses the length of a message before anything is kept of it. */
  private void checkLength() {
    if (length <= 0 || length > lengthLimit) {
      throw CommException.fatal(
          message("frame: length must be 1..%s bytes; got %s", lengthLimit, length));
    }
  }

  private void deliverWhole() {
    if (frame != null && payloadRead == frame.payloadBytes() && !discarding) {
      var whole = frame;
      var place = target;
      reset();
      sink.received(whole.header(), whole.payloadBytes(), place);
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
    target = sink.target(parsed);
    payloadRead = headRead - parsed.payloadStart();
    target.buffer().slice(0, payloadRead).put(head, parsed.payloadStart(), payloadRead);
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
    if (started && context.channel().isWritable()) {
      sink.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    sink.lost(CommException.retryable("connection closed by peer"));
    if (started) {
      discard(); // Else what the peer has sent last is delivered at the start.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var category =
        cause instanceof IOException
            ? CommException.Category.RETRYABLE
            : CommException.Category.FATAL;
    sink.lost(new CommException(category, cause.toString(), cause));
    context.close();
  }
}
