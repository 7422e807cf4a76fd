package dev.bellows.benchmarks.allreduce;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.NettyEndpoint;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.TreePartial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One of our ranks: prints its port, reads all ports from a line of its input, and times
 * all-reduces. Arguments: rank, number of ranks, seconds, key store (or - for no encryption), sizes
 * in bytes.
 */
final class Rank {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int WARM_UP_PASSES = 2;
  private static final int SILENT = -1; // as any rank but 0
  static final String PASSWORD = "benchmark";

  private Rank() {}

  public static void main(String[] args) throws IOException {
    int rank = Integer.parseInt(args[0]);
    int size = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    CommConfig.Builder config =
        CommConfig.builder("benchmark", 0, rank, size).secret(new byte[] {1});
    if (!args[3].equals("-")) {
      Path store = Path.of(args[3]);
      config.tls(TlsConfig.keyStore(store, PASSWORD, null, store, PASSWORD));
    }
    NettyEndpoint endpoint = NettyEndpoint.listen(config.build());
    System.out.println(endpoint.address().getPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String port : in.readLine().split(" ")) {
      addresses.add(InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(port)));
    }
    try (ProcessGroup group = endpoint.connect(addresses)) {
      // Until the JIT compiler has seen all that is measured: training jobs run for longer.
      for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
        for (int i = 4; i < args.length; i++) {
          measure(group, Integer.parseInt(args[i]), seconds, false);
        }
      }
      for (int i = 4; i < args.length; i++) {
        measure(group, Integer.parseInt(args[i]), seconds, true);
      }
      group.barrier().await(DEADLINE);
    }
  }

  private static void measure(ProcessGroup group, int bytes, double seconds, boolean print) {
    ByteBuffer in = direct(bytes);
    ByteBuffer out = direct(bytes);
    for (int at = 0; at < bytes; at += Float.BYTES) {
      in.putFloat(at, group.rank() + 1);
    }
    reduce(group, in, out);
    float expected = group.worldSize() * (group.worldSize() + 1) / 2f;
    if (out.getFloat(bytes - Float.BYTES) != expected) {
      throw new IllegalStateException("ours: wrong sum " + out.getFloat(bytes - Float.BYTES));
    }
    Timing.measure(
        print ? group.rank() : SILENT,
        bytes,
        seconds,
        times -> {
          long start = System.nanoTime();
          for (int i = 0; i < times; i++) {
            reduce(group, in, out);
          }
          return (System.nanoTime() - start) / 1e9 / times;
        },
        mine -> {
          ByteBuffer value = direct(Double.BYTES);
          value.putDouble(0, mine);
          group.broadcast(value, 0).await(DEADLINE);
          return value.getDouble(0);
        });
  }

  private static void reduce(ProcessGroup group, ByteBuffer in, ByteBuffer out) {
    List<TreePartial> partials = List.of(new TreePartial(group.rank(), group.rank() + 1, in));
    group.allReduce(group.worldSize(), partials, out, ElementType.FLOAT32).await(DEADLINE);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
