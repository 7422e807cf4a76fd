package dev.bellows.benchmarks.allreduce;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.ReduceKind;
import dev.bellows.comm.TlsConfig;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.group.NettyEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rank of Bellows: prints its port, reads all ports from a line of its input, and times
 * all-reduces. Arguments: rank, number of ranks, seconds, key store (or - for no encryption), sizes
 * in bytes.
 */
final class Rank {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MOST_WARM_UP_PASSES = 15;

  /** Share of a pass below which JIT compilation must be for the code to count as warm. */
  private static final double LEFT_TO_COMPILE = 0.03;

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
      // Training jobs run for hours; each rank's JIT compilation takes time from all others.
      for (int pass = 0; pass < MOST_WARM_UP_PASSES; pass++) {
        if (busiest(group, compileShare(() -> measureAll(group, args, seconds, false)))
            < LEFT_TO_COMPILE) {
          break;
        }
      }
      measureAll(group, args, seconds, true);
      group.barrier().await(DEADLINE);
    }
  }

  private static void measureAll(ProcessGroup group, String[] args, double seconds, boolean print) {
    for (int i = 4; i < args.length; i++) {
      measure(group, Integer.parseInt(args[i]), seconds, print);
    }
  }

  /**
   * Returns the time that this JVM spends compiling during some work, divided by the time of the
   * work.
   */
  private static double compileShare(Runnable work) {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long compiled = compiler.getTotalCompilationTime();
    long begin = System.nanoTime();
    work.run();
    double took = (System.nanoTime() - begin) / 1e6;
    return (compiler.getTotalCompilationTime() - compiled) / took;
  }

  /** Returns the maximum of all ranks' values. */
  private static double busiest(ProcessGroup group, double mine) {
    ByteBuffer value = direct(Double.BYTES).putDouble(0, mine);
    List<TreePartial> own = List.of(new TreePartial(group.rank(), group.rank() + 1, value));
    ByteBuffer most = direct(Double.BYTES);
    group
        .allReduce(group.worldSize(), own, most, ElementType.FLOAT64, ReduceKind.MAX)
        .await(DEADLINE);
    return most.getDouble(0);
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
        print ? group.rank() : Timing.SILENT,
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
