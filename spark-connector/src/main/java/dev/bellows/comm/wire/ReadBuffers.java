package dev.bellows.comm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.function.Supplier;

/**
 * Provides the buffers that one connection reads to: the destination of the payload being received,
 * so that the kernel's copy is the only one; otherwise a buffer from the pool, a small one where
 * large payloads are expected, because bytes that are read together with a header must be copied.
 */
public final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int READS = 64;
  private static final int BYTES = 64 << 10;
  private static final int HEADER_BYTES = 512;

  /** The destination of a payload, or null; set by {@link #lend}. */
  private Supplier<ByteBuf> place = () -> null;

  private boolean largePayloads;

  /** Reads to buffers from the pool. */
  public ReadBuffers() {
    super(READS);
  }

  /**
   * Makes following reads go to buffers that {@code place} returns; each comes down the pipeline
   * next, or not at all. Only for connections without handlers in between.
   */
  void lend(Supplier<ByteBuf> place) {
    this.place = place;
  }

  /** Sets whether large payloads are expected next. */
  void largePayloads(boolean expected) {
    largePayloads = expected;
  }

  @Override
  @SuppressWarnings("deprecation") // the type that the interface asks for
  public RecvByteBufAllocator.Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return largePayloads ? HEADER_BYTES : BYTES;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        var lent = place.get();
        return lent != null ? lent : allocator.ioBuffer(guess());
      }
    };
  }
}
