package dev.bellows.spark.coordinator;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** How messages lie on the wire: each behind its length, 4 bytes big-endian. */
final class Frames {
  static final int PROTOCOL = 1;
  static final int NONCE_BYTES = 16;
  private static final int LENGTH_BYTES = 4;
  private static final long JOIN_MS = 5_000;
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_STRANGER_BYTES = 4 << 10;
  private static final String DECODER = "frames";

  private Frames() {}

  static void install(ChannelPipeline pipeline) {
    install(pipeline, MAX_BYTES);
  }

  /** As {@link #install}, for messages no longer than a registration until {@link #trust}. */
  static void installForStranger(ChannelPipeline pipeline) {
    install(pipeline, MAX_STRANGER_BYTES);
  }

  private static void install(ChannelPipeline pipeline, int maxBytes) {
    pipeline.addLast(DECODER, decoder(maxBytes));
    pipeline.addLast(new LengthFieldPrepender(LENGTH_BYTES));
  }

  static void trust(ChannelPipeline pipeline) {
    pipeline.replace(DECODER, DECODER, decoder(MAX_BYTES));
  }

  private static LengthFieldBasedFrameDecoder decoder(int maxBytes) {
    return new LengthFieldBasedFrameDecoder(maxBytes, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
  }

  static byte[] read(ByteBuf frame) {
    return ByteBufUtil.getBytes(frame);
  }

  /** Writes a message; fails quietly on a closed channel. */
  static ChannelFuture write(Channel channel, MessageLite message) {
    return channel.writeAndFlush(Unpooled.wrappedBuffer(message.toByteArray()));
  }

  /**
   * The same for writers on several threads that take turns: a write on the channel's own thread
   * would else overtake those that other threads have asked for.
   */
  static ChannelFuture writeInOrder(Channel channel, MessageLite message) {
    var written = channel.newPromise();
    try {
      channel
          .eventLoop()
          .execute(
              () -> channel.writeAndFlush(Unpooled.wrappedBuffer(message.toByteArray()), written));
    } catch (RejectedExecutionException e) {
      written.tryFailure(e); // the server was closed
    }
    return written;
  }

  /** One daemon thread that serves channels, and how it ends. */
  static final class Loop {
    private final EventLoopGroup group;
    private volatile Thread thread;

    Loop(String name) {
      var factory =
          new DefaultThreadFactory(name, true) {
            @Override
            protected Thread newThread(Runnable task, String threadName) {
              thread = super.newThread(task, threadName);
              return thread;
            }
          };
      group = new MultiThreadIoEventLoopGroup(1, factory, NioIoHandler.newFactory());
    }

    EventLoopGroup group() {
      return group;
    }

    /** Ends the thread; waits for it unless called on it. */
    void shutdown() {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      var running = thread;
      if (running == null || running == Thread.currentThread()) {
        return;
      }
      try {
        running.join(JOIN_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
