package dev.bellows.comm.group;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.ProcessGroup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Helpers of the tests: groups of N ranks in this JVM, one thread for each, and buffers. */
final class Ranks {
  static final long SEED = Long.getLong("test.seed", System.nanoTime());

  private Ranks() {}

  /** What one rank does. */
  interface Body {
    void run(int rank, ProcessGroup group) throws Exception;
  }

  static Random random() {
    System.out.println("test.seed=" + SEED);
    return new Random(SEED);
  }

  static List<ProcessGroup> netty(int worldSize, UnaryOperator<CommConfig.Builder> options) {
    var endpoints = new ArrayList<NettyEndpoint>();
    for (var rank = 0; rank < worldSize; rank++) {
      endpoints.add(
          NettyEndpoint.listen(
              options.apply(CommConfig.builder("test-job", 3, rank, worldSize)).build()));
    }
    return connect(endpoints);
  }

  static List<ProcessGroup> connect(List<NettyEndpoint> endpoints) {
    List<InetSocketAddress> addresses = endpoints.stream().map(NettyEndpoint::address).toList();
    var threads = Executors.newFixedThreadPool(endpoints.size());
    try {
      return endpoints.stream()
          .map(e -> CompletableFuture.supplyAsync(() -> e.connect(addresses), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      threads.shutdown();
    }
  }

  /** Runs the body of all ranks at once and rethrows what the first of them throws. */
  static void run(List<ProcessGroup> groups, Body body) {
    ExecutorService threads = Executors.newFixedThreadPool(groups.size());
    try {
      var all = new ArrayList<CompletableFuture<Void>>();
      for (var group : groups) {
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    body.run(group.rank(), group);
                  } catch (Exception e) {
                    throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
                  }
                },
                threads));
      }
      all.forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
  }

  /** Closes all at once, as the ranks of a job do. */
  static void close(List<ProcessGroup> groups) {
    run(groups, (rank, group) -> group.close());
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  static ByteBuffer floats(float... values) {
    var buffer = direct(4 * values.length);
    buffer.asFloatBuffer().put(values);
    return buffer;
  }

  static ByteBuffer copy(ByteBuffer buffer) {
    var copy = direct(buffer.remaining());
    copy.put(buffer.duplicate()).flip();
    return copy;
  }

  static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
