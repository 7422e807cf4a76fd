package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.algorithms.Buffers;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Collectives of all kinds and sizes for a long time: every result is right, no buffer leaks, and
 * memory is the same at the end as after the first tenth. {@code -Dsoak.operations=100000} runs
 * longer.
 */
@Timeout(3600)
class SoakTest {
  private static final int OPERATIONS = Integer.getInteger("soak.operations", 2_000);
  private static final int IN_FLIGHT = 4;
  private static final int LARGEST = 1 << 20;
  private static final Duration WAIT = Duration.ofSeconds(60);

  /**
   * How far two measurements may lie apart: pools keep what the most that was ever in flight at
   * once has needed, which may come late.
   */
  private static final long SLACK = 16 << 20;

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  /** What is in use when garbage has been collected, in bytes. */
  private record Memory(long direct, long netty, long heap) {
    static Memory now(Leaks leaks) {
      assertThat(leaks.found()).isEmpty();
      var direct =
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .filter(pool -> pool.getName().equals("direct"))
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum();
      return new Memory(
          direct,
          PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
  }

  /** The buffers of one operation in flight, used again and again: what grows is not the test's. */
  private static final class Arena {
    private final ByteBuffer all = Ranks.direct(5 * LARGEST);
    private int used;

    private ByteBuffer take(int bytes) {
      var buffer = Buffers.slice(all, used, bytes);
      used += (bytes + 63) / 64 * 64;
      return buffer;
    }
  }

  /** One rank's script, equal on all ranks because of its seed. */
  private static final class Runner {
    private final ProcessGroup group;
    private final Random random;
    private final List<Arena> arenas = new ArrayList<>();
    private long bytes;

    private Runner(ProcessGroup group, long seed) {
      this.group = group;
      this.random = new Random(seed);
      for (var i = 0; i < IN_FLIGHT; i++) {
        arenas.add(new Arena());
      }
    }

    private void run(int operations) {
      for (var left = operations; left > 0; ) {
        var wave = Math.min(left, 1 + random.nextInt(IN_FLIGHT));
        var running = new ArrayList<Collective.Running>();
        for (var arena : arenas.subList(0, wave)) {
          arena.used = 0;
          var next = Collective.random(random, group.worldSize(), elements());
          bytes += next.bytes();
          running.add(next.start(group, arena::take));
        }
        for (var one : running) {
          one.work().await(WAIT);
          one.check();
        }
        left -= wave;
      }
    }

    /** Mostly few: 0, up to 4 KiB, up to 64 KiB, and one in fifty up to 1 MiB. */
    private int elements() {
      var dice = random.nextInt(100);
      var most = dice < 5 ? 0 : dice < 70 ? 512 : dice < 98 ? 8 << 10 : LARGEST / 8;
      return random.nextInt(most + 1);
    }
  }

  @Test
  void memoryIsFlat() {
    var seed = Ranks.random().nextLong();
    try (var leaks = new Leaks()) {
      for (var worldSize = 2; worldSize <= 3; worldSize++) {
        soak(worldSize, OPERATIONS / 2, seed, leaks);
      }
    }
  }

  private static void soak(int worldSize, int operations, long seed, Leaks leaks) {
    var begin = System.nanoTime();
    var groups = Ranks.netty(worldSize, options -> options);
    var runners = groups.stream().map(group -> new Runner(group, seed)).toList();
    Ranks.run(groups, (rank, group) -> runners.get(rank).run(operations / 10));
    var warm = Memory.now(leaks);
    Ranks.run(groups, (rank, group) -> runners.get(rank).run(operations - operations / 10));
    var end = Memory.now(leaks);
    assertThat(groups).allMatch(group -> group.stats().operations() == operations);
    Ranks.close(groups);
    System.out.printf(
        "%d operations of %d ranks, %d MiB of buffers, %d s; after the first tenth %s, at the end"
            + " %s%n",
        operations,
        worldSize,
        runners.get(0).bytes >> 20,
        (System.nanoTime() - begin) / 1_000_000_000L,
        warm,
        end);
    assertThat(end.direct - warm.direct).as("direct buffers").isLessThanOrEqualTo(SLACK);
    assertThat(end.netty - warm.netty).as("Netty's pools").isLessThanOrEqualTo(SLACK);
    assertThat(end.heap - warm.heap).as("heap").isLessThanOrEqualTo(SLACK);
  }
}
