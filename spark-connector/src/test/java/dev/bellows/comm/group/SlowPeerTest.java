package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommConfig;
import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import dev.bellows.comm.transport.NettyTransport;
import dev.bellows.comm.wire.FrameCodec;
import dev.bellows.proto.comm.Frame;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However much is started, a rank keeps little for a peer that does not keep up. */
@Timeout(120)
class SlowPeerTest {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final int SUMS = 64;
  private static final int BYTES = 8 << 20;

  /** What Netty counts for each buffer that waits, beside its bytes. */
  private static final int ENTRY = 96;

  /** A frame is two buffers, and the last one may begin just below the mark. */
  private static final long PENDING_LIMIT =
      NettyTransport.HIGH_WATER
          + (256 << 10)
          + FrameCodec.LENGTH_BYTES
          + FrameCodec.MAX_HEADER
          + 2 * ENTRY;

  /** Headers come from pools of a few MiB. */
  private static final long POOL_LIMIT = 32 << 20;

  /** What the kernel takes for a socket on both ends; far less than all the sums. */
  private static final long SOCKET_LIMIT = 64 << 20;

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-r"));
  }

  private static CommConfig config(int rank) {
    return CommConfig.builder("job", 3, rank, 2).build();
  }

  /** Half a GiB of sums, half of it for rank 1, in little memory: they never end. */
  private static List<Work> startMany(ProcessGroup group, Runnable afterEach) {
    var data = Ranks.direct(BYTES);
    var partials = List.of(new TreePartial(0, 1, data));
    var works = new ArrayList<Work>();
    for (var i = 0; i < SUMS; i++) {
      works.add(group.allReduce(2, partials, data, ElementType.FLOAT32));
      afterEach.run();
    }
    return works;
  }

  /** Rank 1 says that it has started all sums, so that none is held back for its sake. */
  private static byte[] startedAll() {
    return Frame.newBuilder()
        .setJob(FrameCodec.jobNumber("job"))
        .setGeneration(3)
        .setFrom(1)
        .setKind(Frame.Kind.START)
        .setSequence(SUMS)
        .setOp(Frame.Op.ALL_REDUCE)
        .setElement(Frame.Element.FLOAT32)
        .setLeaves(2)
        .setTotalBytes(BYTES)
        .build()
        .toByteArray();
  }

  private static long pooled() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void whatWaitsForASlowPeerIsTheMarkAndOneSegment() {
    var random = Ranks.random();
    var pooled = pooled();
    var rank = new Wire(config(0)).start();
    rank.pass(0);
    var works = startMany(rank.group(), rank::runPendingTasks);
    assertThat(rank.pendingBytes())
        .isGreaterThan(NettyTransport.HIGH_WATER)
        .isLessThanOrEqualTo(PENDING_LIMIT);

    // It reads, but has started nothing: it gets no more than it must keep.
    var read = read(rank, Integer.MAX_VALUE);
    assertThat(read).isLessThanOrEqualTo(16 << 20);
    assertThat(rank.pendingBytes()).isZero();

    rank.pass(0);
    rank.receive(Mutator.framed(startedAll()));
    for (var last = -1L; last != read; ) {
      assertThat(rank.pendingBytes()).isLessThanOrEqualTo(PENDING_LIMIT);
      last = read;
      read += read(rank, 1 + random.nextInt(20));
    }
    assertThat(read).isGreaterThan((long) SUMS * BYTES / 2);
    assertThat(pooled() - pooled).isLessThanOrEqualTo(POOL_LIMIT);
    assertThat(works).noneMatch(Work::isDone);
    rank.end();
    assertThat(works).allMatch(Work::isDone);
  }

  /** Lets so many buffers pass; their bytes. */
  private static long read(Wire rank, int buffers) {
    rank.pass(buffers);
    rank.runPendingTasks();
    return rank.dropSent();
  }

  @Test
  void aPeerThatReadsNothingCostsNoMore() throws Exception {
    var pooled = pooled();
    try (var endpoint = NettyEndpoint.listen(config(0));
        var peer = new RawPeer(config(1), endpoint.address())) {
      assertThat(peer.shakeHands().getWelcome()).isTrue();
      var addresses = List.of(endpoint.address(), new InetSocketAddress("127.0.0.1", 40112));
      try (var group = endpoint.connect(addresses)) {
        var direct = direct();
        var works = startMany(group, () -> {});
        peer.send(startedAll());
        awaitStandstill(group);
        assertThat(group.stats().bytesSent())
            .isGreaterThan(NettyTransport.HIGH_WATER)
            .isLessThanOrEqualTo(PENDING_LIMIT + SOCKET_LIMIT);
        assertThat(pooled() - pooled).isLessThanOrEqualTo(POOL_LIMIT);
        assertThat(direct() - direct).isLessThanOrEqualTo(BYTES + POOL_LIMIT);
        peer.socket.close();
        for (var work : works) {
          assertThatThrownBy(() -> work.await(WAIT))
              .isInstanceOf(CommException.class)
              .hasMessageContaining(" lost rank 1 ");
        }
      }
    }
  }

  /** Returns when the group has sent nothing for a while. */
  private static void awaitStandstill(ProcessGroup group) {
    var quiet = 0;
    for (var last = -1L; quiet < 10; ) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      var sent = group.stats().bytesSent();
      quiet = sent == last && sent > 0 ? quiet + 1 : 0;
      last = sent;
    }
  }

  @Test
  void whatComesAheadOfTimeStaysWithinTheWindow() {
    var window = 1 << 20;
    var segment = 64 << 10;
    var groups = Ranks.netty(2, o -> o.segmentBytes(segment).windowBytes(window));
    var waiting = new CountDownLatch(1);
    var sums = 16;
    var bytes = 4 << 20;
    var outs = List.of(buffers(sums, bytes), buffers(sums, bytes));
    var data = List.of(Ranks.direct(bytes), Ranks.direct(bytes));
    var direct = direct();
    Ranks.run(
        groups,
        (rank, group) -> {
          data.get(rank).putFloat(bytes - 4, 1 + rank);
          if (rank == 1) {
            waiting.await();
            // Twice the payload is counted, for buffers are rounded up.
            assertThat(group.stats().bytesReceived()).isBetween(1L, window / 2L);
            assertThat(direct() - direct).isLessThanOrEqualTo(window + segment);
          }
          var works = new ArrayList<Work>();
          var partials = List.of(new TreePartial(rank, rank + 1, data.get(rank)));
          for (var out : outs.get(rank)) {
            works.add(group.allReduce(2, partials, out, ElementType.FLOAT32));
          }
          if (rank == 0) {
            awaitStandstill(group);
            waiting.countDown();
          }
          for (var i = 0; i < sums; i++) {
            works.get(i).await(WAIT);
            assertThat(outs.get(rank).get(i).getFloat(bytes - 4)).isEqualTo(3f);
          }
        });
    // Each rank has kept a window, and the segments that it was reading.
    assertThat(direct() - direct).isLessThanOrEqualTo(2L * (window + 4 * segment));
    Ranks.close(groups);
  }

  private static List<ByteBuffer> buffers(int count, int bytes) {
    var buffers = new ArrayList<ByteBuffer>();
    for (var i = 0; i < count; i++) {
      buffers.add(Ranks.direct(bytes));
    }
    return buffers;
  }
}
