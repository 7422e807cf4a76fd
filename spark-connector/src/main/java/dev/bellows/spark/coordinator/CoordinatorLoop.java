package dev.bellows.spark.coordinator;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** Runs the daemon thread that serves channels. */
final class CoordinatorLoop {
  private static final long JOIN_MS = 5_000;

  private final EventLoopGroup group;
  private volatile Thread thread;

  CoordinatorLoop(String name) {
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
