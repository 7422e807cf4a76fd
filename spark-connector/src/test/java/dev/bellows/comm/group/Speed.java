package dev.bellows.comm.group;

import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import java.time.Duration;
import java.util.List;

/** Times all-reduces of two ranks over loopback; run by hand. */
final class Speed {
  private Speed() {}

  public static void main(String[] args) {
    var sizes =
        args.length == 0
            ? new int[] {4 << 10, 1 << 20, 25 << 20}
            : new int[] {Integer.parseInt(args[0])};
    for (var bytes : sizes) {
      var groups = Ranks.netty(2, options -> options);
      Ranks.run(groups, (rank, group) -> measure(rank, group, bytes));
      Ranks.close(groups);
    }
  }

  private static void measure(int rank, ProcessGroup group, int bytes) {
    var data = Ranks.direct(bytes);
    var rounds = (int) Math.min(20_000, (8L << 30) / 4 / (bytes + 100_000L));
    for (var pass = 0; pass < 2; pass++) {
      var begin = System.nanoTime();
      var before = group.stats().reduceNanos();
      for (var i = 0; i < rounds; i++) {
        var partials = List.of(new TreePartial(rank, rank + 1, data));
        group.allReduce(2, partials, data, ElementType.FLOAT32).await(Duration.ofSeconds(30));
      }
      if (rank == 0) {
        var micros = (System.nanoTime() - begin) / 1e3 / rounds;
        var adding = (group.stats().reduceNanos() - before) / 1e3 / rounds;
        System.out.printf(
            "%d bytes: %.1f us, %.2f GB/s of buffer, %.1f us adding%n",
            bytes, micros, bytes / micros / 1e3, adding);
      }
    }
  }
}
