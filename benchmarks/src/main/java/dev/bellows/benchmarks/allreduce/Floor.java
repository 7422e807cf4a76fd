package dev.bellows.benchmarks.allreduce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Measures loopback without any protocol: each rank of a ring sends 2·(N−1)/N of the buffer to the
 * next and reads as much from the previous one, through plain non-blocking sockets, and adds the
 * first half of what it receives. Arguments and input as {@link Rank}, without a key store.
 */
final class Floor {
  private static final int WARM_UP_PASSES = 3;

  private final SocketChannel next;
  private final SocketChannel previous;
  private final Selector selector;

  private Floor(SocketChannel next, SocketChannel previous) throws IOException {
    this.next = next;
    this.previous = previous;
    this.selector = Selector.open();
    for (SocketChannel channel : new SocketChannel[] {next, previous}) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  public static void main(String[] args) throws IOException {
    int rank = Integer.parseInt(args[0]);
    int size = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", 0));
      System.out.println(server.socket().getLocalPort());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String[] ports = in.readLine().split(" ");
      InetSocketAddress to =
          new InetSocketAddress("127.0.0.1", Integer.parseInt(ports[(rank + 1) % size]));
      SocketChannel next = SocketChannel.open(to);
      Floor floor = new Floor(next, server.accept());
      for (int pass = 0; pass <= WARM_UP_PASSES; pass++) {
        for (int i = 4; i < args.length; i++) {
          int printing = pass == WARM_UP_PASSES ? rank : Timing.SILENT;
          floor.measure(printing, size, Integer.parseInt(args[i]), seconds);
        }
      }
      floor.exchange(ByteBuffer.allocateDirect(8), ByteBuffer.allocateDirect(8));
    }
  }

  private void measure(int rank, int size, int bytes, double seconds) {
    int moved = (int) (2L * (size - 1) * bytes / size) & -8;
    ByteBuffer out = ByteBuffer.allocateDirect(moved);
    ByteBuffer in = ByteBuffer.allocateDirect(moved).order(ByteOrder.nativeOrder());
    float[] sum = new float[moved / 2 / Float.BYTES];
    float[] part = new float[sum.length];
    Timing.measure(
        rank,
        bytes,
        seconds,
        times -> {
          long start = System.nanoTime();
          for (int i = 0; i < times; i++) {
            exchange(out, in);
            in.asFloatBuffer().get(part);
            for (int k = 0; k < sum.length; k++) {
              sum[k] += part[k];
            }
          }
          return (System.nanoTime() - start) / 1e9 / times;
        },
        mine -> agree(size, mine));
  }

  /** Passes rank 0's value around the ring and returns it. */
  private double agree(int size, double mine) {
    ByteBuffer out = ByteBuffer.allocateDirect(Double.BYTES);
    ByteBuffer in = ByteBuffer.allocateDirect(Double.BYTES);
    double largest = mine;
    for (int hop = 1; hop < size; hop++) {
      out.putDouble(0, largest);
      exchange(out, in);
      largest = Math.max(largest, in.getDouble(0));
    }
    return largest;
  }

  private void exchange(ByteBuffer out, ByteBuffer in) {
    ByteBuffer left = out.duplicate().clear();
    ByteBuffer missing = in.duplicate().clear();
    try {
      while (left.hasRemaining() || missing.hasRemaining()) {
        int moved = left.hasRemaining() ? next.write(left) : 0;
        int read = missing.hasRemaining() ? previous.read(missing) : 0;
        if (read < 0) {
          throw new IOException("floor: connection closed");
        }
        if (moved + read == 0) {
          next.register(selector, left.hasRemaining() ? SelectionKey.OP_WRITE : 0);
          previous.register(selector, missing.hasRemaining() ? SelectionKey.OP_READ : 0);
          selector.select(1000);
          selector.selectedKeys().clear();
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
