package dev.bellows.comm.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.CommException;
import dev.bellows.comm.ElementType;
import dev.bellows.comm.ProcessGroup;
import dev.bellows.comm.TreePartial;
import dev.bellows.comm.Work;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport must do. */
abstract class CollectiveContract extends ReductionContract {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private void run(List<ProcessGroup> groups, Ranks.Body body) {
    try {
      Ranks.run(groups, body);
    } finally {
      Ranks.close(groups);
    }
  }

  private static void checkSum(int rank, ProcessGroup group, TreeSums sums, byte[] expected) {
    var partials = sums.partialsOf(group.worldSize(), rank);
    var out = Ranks.direct(expected.length);
    group.allReduce(sums.leaves().size(), partials, out, sums.type()).await(WAIT);
    assertThat(Ranks.bytes(out)).isEqualTo(expected);
  }

  @Test
  @Timeout(60)
  void sumsHaveTheSameBitsForEveryWorldSize() {
    var random = Ranks.random();
    for (var worldSize : new int[] {1, 2, 3, 4, 5, 8, 13}) {
      var cases = new ArrayList<TreeSums>();
      for (var elements : new int[] {0, 1, 63, 64, 65, 1021, 5000}) {
        var type = ElementType.values()[random.nextInt(4)];
        cases.add(TreeSums.random(random, type, 1 + random.nextInt(64), elements));
      }
      var expected = cases.stream().map(c -> Ranks.bytes(c.result())).toList();
      run(
          openSmall(worldSize),
          (rank, group) -> {
            for (var i = 0; i < cases.size(); i++) {
              checkSum(rank, group, cases.get(i), expected.get(i));
            }
            assertThat(group.stats().operations()).isEqualTo(cases.size());
          });
    }
  }

  @Test
  @Timeout(60)
  void largeSums() {
    var random = Ranks.random();
    for (var elements : new int[] {100_003, 1 << 20}) {
      var sums = TreeSums.random(random, ElementType.FLOAT32, 5, elements);
      var expected = Ranks.bytes(sums.sum(0, 5));
      run(open(3), (rank, group) -> checkSum(rank, group, sums, expected));
    }
  }

  @Test
  @Timeout(60)
  void anyAssignmentOfLeavesGivesTheSameBits() {
    var random = Ranks.random();
    for (var round = 0; round < 20; round++) {
      var worldSize = 1 + random.nextInt(4);
      var leaves = 1 + random.nextInt(64);
      var sums = TreeSums.random(random, ElementType.FLOAT32, leaves, 3000);
      var expected = Ranks.bytes(sums.sum(0, leaves));
      var all = new ArrayList<List<TreePartial>>();
      for (var rank = 0; rank < worldSize; rank++) {
        all.add(new ArrayList<>());
      }
      for (var first = 0; first < leaves; ) {
        var end = first + 1 + random.nextInt(Math.min(5, leaves - first));
        all.get(random.nextInt(worldSize)).addAll(sums.partials(first, end));
        first = end;
      }
      all.forEach(partials -> Collections.shuffle(partials, random));
      run(
          openSmall(worldSize),
          (rank, group) -> {
            var out = Ranks.direct(expected.length);
            group.allReduce(leaves, all.get(rank), out, ElementType.FLOAT32).await(WAIT);
            assertThat(Ranks.bytes(out)).isEqualTo(expected);
          });
    }
  }

  @Test
  @Timeout(60)
  void manyBucketsInFlight() {
    var random = Ranks.random();
    var cases = new ArrayList<TreeSums>();
    for (var i = 0; i < 40; i++) {
      cases.add(TreeSums.random(random, ElementType.FLOAT32, 8, random.nextInt(20_000)));
    }
    var expected = cases.stream().map(c -> Ranks.bytes(c.sum(0, 8))).toList();
    run(
        openSmall(4),
        (rank, group) -> {
          var works = new ArrayList<Work>();
          var outs = new ArrayList<ByteBuffer>();
          for (var sums : cases) {
            var out = Ranks.direct(sums.leaves().get(0).remaining());
            works.add(group.allReduce(8, sums.partialsOf(4, rank), out, sums.type()));
            works.add(group.barrier());
            outs.add(out);
          }
          for (var i = 0; i < cases.size(); i++) {
            works.get(2 * i).await(WAIT);
            assertThat(Ranks.bytes(outs.get(i))).isEqualTo(expected.get(i));
          }
        });
  }

  @Test
  @Timeout(60)
  void sumInPlace() {
    var sums = TreeSums.random(Ranks.random(), ElementType.FLOAT64, 3, 10_000);
    var expected = Ranks.bytes(sums.sum(0, 3));
    run(
        openSmall(3),
        (rank, group) -> {
          var partials = sums.partialsOf(3, rank);
          var data = partials.get(0).data();
          group.allReduce(3, partials, data, ElementType.FLOAT64).await(WAIT);
          assertThat(Ranks.bytes(data)).isEqualTo(expected);
        });
  }

  @Test
  @Timeout(60)
  void specialValuesPass() {
    var inf = Float.POSITIVE_INFINITY;
    var left = new float[] {Float.NaN, inf, inf, -0f, 1e-45f, Float.MAX_VALUE};
    var right = new float[] {1, 2, -inf, -0f, 1e-45f, Float.MAX_VALUE};
    run(
        open(2),
        (rank, group) -> {
          var data = Ranks.floats(rank == 0 ? left : right);
          var out = Ranks.direct(24);
          group
              .allReduce(
                  2, List.of(new TreePartial(rank, rank + 1, data)), out, ElementType.FLOAT32)
              .await(WAIT);
          var sum = new float[6];
          out.asFloatBuffer().get(sum);
          assertThat(sum).containsExactly(Float.NaN, inf, Float.NaN, -0f, 2.8e-45f, inf);
        });
  }

  @Test
  @Timeout(60)
  void broadcastFromEveryRoot() {
    var random = Ranks.random();
    var data = new byte[100_001];
    random.nextBytes(data);
    run(
        openSmall(4),
        (rank, group) -> {
          for (var bytes : new int[] {0, 1, 4096, 100_001}) {
            for (var root = 0; root < 4; root++) {
              var buffer = Ranks.direct(bytes);
              if (rank == root) {
                buffer.put(0, data, 0, bytes);
              }
              group.broadcast(buffer, root).await(WAIT);
              assertThat(Ranks.bytes(buffer)).isEqualTo(Arrays.copyOf(data, bytes));
            }
          }
        });
  }

  @Test
  @Timeout(60)
  void messagesAreMatchedByPairAndTag() {
    var sizes = new int[] {0, 1, 8192, 100_001};
    run(
        openSmall(3),
        (rank, group) -> {
          var works = new ArrayList<Work>();
          var received = new ArrayList<ByteBuffer>();
          for (var tag = 0; tag < 2; tag++) {
            for (var size : sizes) {
              for (var peer = 0; peer < 3; peer++) {
                if (peer != rank) {
                  // Ranks 1 and 2 wait for tag 1 first: the order of different tags is free.
                  var mine = rank == 0 ? tag : 1 - tag;
                  var data = Ranks.direct(size);
                  fill(data, 100 * rank + 10 * peer + mine);
                  works.add(group.send(data, peer, mine));
                  var into = Ranks.direct(size);
                  works.add(group.receive(into, peer, mine));
                  received.add(into);
                  var expected = Ranks.direct(size);
                  fill(expected, 100 * peer + 10 * rank + mine);
                  received.add(expected);
                }
              }
            }
            works.add(group.barrier());
          }
          works.forEach(work -> work.await(WAIT));
          for (var i = 0; i < received.size(); i += 2) {
            assertThat(Ranks.bytes(received.get(i))).isEqualTo(Ranks.bytes(received.get(i + 1)));
          }
        });
  }

  private static void fill(ByteBuffer data, int value) {
    for (var i = 0; i < data.remaining(); i++) {
      data.put(i, (byte) (value + i));
    }
  }

  @Test
  @Timeout(60)
  void messagesOfOneLaneComeInOrder() {
    run(
        openSmall(2),
        (rank, group) -> {
          var works = new ArrayList<Work>();
          var all = new ArrayList<ByteBuffer>();
          for (var i = 0; i < 300; i++) {
            var data = Ranks.direct(i * 100);
            if (rank == 0) {
              fill(data, i);
            }
            all.add(data);
            works.add(rank == 0 ? group.send(data, 1, 7) : group.receive(data, 0, 7));
          }
          works.forEach(work -> work.await(WAIT));
          for (var i = 0; i < 300; i++) {
            var expected = Ranks.direct(i * 100);
            fill(expected, i);
            assertThat(Ranks.bytes(all.get(i))).isEqualTo(Ranks.bytes(expected));
          }
        });
  }

  @Test
  @Timeout(60)
  void messagesOfDifferentSizesAreRefused() {
    run(
        open(2),
        (rank, group) -> {
          var data = Ranks.direct(8 + 8 * rank);
          var work = rank == 0 ? group.send(data, 1, 3) : group.receive(data, 0, 3);
          assertThatThrownBy(() -> work.await(WAIT))
              .hasMessageContaining("send to rank 1 with tag 3: ")
              .hasMessageContaining("rank 0 sends 8 bytes, rank 1 receives 16");
        });
  }

  @Test
  @Timeout(60)
  void aMessageNobodySendsEndsAtItsDeadline() {
    run(
        open(2),
        (rank, group) -> {
          if (rank == 0) {
            var work = group.receive(Ranks.direct(8), 1, 0);
            assertThatThrownBy(() -> work.await(Duration.ofMillis(100)))
                .hasMessageContaining("receive from rank 1 with tag 0: ")
                .hasMessageContaining("waited 100 ms for rank 1")
                .hasMessageContaining("0 of 8 bytes read");
          }
        });
  }

  @Test
  @Timeout(60)
  void aRankThatStartsLateGetsAllThatWasHeldBack() {
    var elements = 3 << 20; // 12 MiB for each of 3 operations, beyond the window of 16 MiB
    run(
        open(2),
        (rank, group) -> {
          var works = new ArrayList<Work>();
          var outs = new ArrayList<ByteBuffer>();
          if (rank == 1) {
            LockSupport.parkNanos(300_000_000L);
          }
          for (var i = 0; i < 3; i++) {
            var data = Ranks.direct(4 * elements);
            data.putFloat(4 * elements - 4, rank + i);
            outs.add(data);
            works.add(
                group.allReduce(
                    2, List.of(new TreePartial(rank, rank + 1, data)), data, ElementType.FLOAT32));
          }
          for (var i = 0; i < 3; i++) {
            works.get(i).await(WAIT);
            assertThat(outs.get(i).getFloat(4 * elements - 4)).isEqualTo(1f + 2 * i);
          }
        });
  }

  @Test
  @Timeout(60)
  void differentOperationsAreRefusedByName() {
    run(
        open(2),
        (rank, group) -> {
          var work = rank == 0 ? group.barrier() : group.broadcast(Ranks.direct(8), 0);
          assertThatThrownBy(() -> work.await(WAIT))
              .isInstanceOf(CommException.class)
              .hasMessageContaining("every rank must start the same operation")
              .hasMessageContaining("BARRIER of 0 bytes")
              .hasMessageContaining("BROADCAST of 8 bytes")
              .extracting(e -> ((CommException) e).category())
              .isEqualTo(CommException.Category.FATAL);
        });
  }

  @Test
  @Timeout(60)
  void leavesBroughtTwiceAreRefused() {
    run(
        open(2),
        (rank, group) -> {
          var partial = new TreePartial(0, 2, Ranks.direct(4));
          var work = group.allReduce(2, List.of(partial), Ranks.direct(4), ElementType.FLOAT32);
          // A rank may have got its result before, where another one adds all.
          assertThatThrownBy(
                  () -> {
                    work.await(WAIT);
                    group.barrier().await(WAIT);
                  })
              .hasMessageContaining("each leaf comes from one rank");
        });
  }

  @Test
  @Timeout(60)
  void abortReleasesAllWaiters() {
    var met = new CountDownLatch(3);
    run(
        open(3),
        (rank, group) -> {
          var seen = new CompletableFuture<Throwable>();
          group.barrier().await(WAIT);
          met.countDown();
          met.await();
          if (rank == 0) {
            group.abort(new IllegalStateException("loss is NaN"));
          } else {
            var work = group.barrier();
            work.onComplete(seen::complete);
            assertThatThrownBy(() -> work.await(WAIT)).hasMessage("aborted: loss is NaN");
            // The listener may run a moment after the waiter.
            assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessage("aborted: loss is NaN");
          }
          assertThatThrownBy(() -> group.barrier().await(WAIT)).hasMessage("aborted: loss is NaN");
        });
  }

  @Test
  @Timeout(60)
  void aWaitEndsWithTheMissingRank() {
    run(
        open(2),
        (rank, group) -> {
          if (rank == 0) {
            var work =
                group.allReduce(
                    2,
                    List.of(new TreePartial(0, 1, Ranks.direct(256))),
                    Ranks.direct(256),
                    ElementType.FLOAT32);
            assertThatThrownBy(() -> work.await(Duration.ofMillis(100)))
                .hasMessageMatching(
                    "allReduce: generation \\d, sequence 1: rank 0 of 2 waited 100 ms for rank 1"
                        + " \\(.*\\) to start it, 0 of .* read")
                .extracting(e -> ((CommException) e).category())
                .isEqualTo(CommException.Category.RETRYABLE);
          }
        });
  }

  @Test
  @Timeout(60)
  void anInterruptEndsTheWait() {
    run(
        open(2),
        (rank, group) -> {
          if (rank == 0) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> group.barrier().await(WAIT))
                .hasMessageContaining("was interrupted for rank 1");
            assertThat(Thread.interrupted()).isTrue();
          }
        });
  }

  @Test
  @Timeout(60)
  void closingWithNothingPendingFailsNobody() {
    var received = new CountDownLatch(2);
    run(
        open(3),
        (rank, group) -> {
          var data = Ranks.direct(50_000);
          if (rank == 0) {
            data.put(0, (byte) 7);
            group.broadcast(data, 0).await(WAIT);
            group.close();
          } else {
            LockSupport.parkNanos(50_000_000L * rank);
            group.broadcast(data, 0).await(WAIT);
            assertThat(data.get(0)).isEqualTo((byte) 7);
            received.countDown();
            received.await();
            assertThatThrownBy(() -> group.barrier().await(WAIT))
                .hasMessageMatching(".*(it has left the group|aborted: ).*");
          }
        });
  }

  @Test
  @Timeout(60)
  void closingWithWorkPendingFailsIt() {
    run(
        open(2),
        (rank, group) -> {
          var work = rank == 0 ? group.barrier() : null;
          if (rank == 0) {
            group.close();
            assertThatThrownBy(() -> work.await(WAIT))
                .hasMessageContaining("closed its group with 1 operations pending");
            assertThatThrownBy(() -> group.barrier().await(WAIT)).hasMessageContaining("aborted: ");
          }
        });
  }

  @Test
  @Timeout(60)
  void closingWaitsForTheThreadAlsoWhenInterrupted() {
    var before = Thread.getAllStackTraces().keySet();
    var group = open(1).get(0);
    group.barrier().await(WAIT);
    Thread.currentThread().interrupt();
    group.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bellows-comm-"));
  }

  @Test
  @Timeout(60)
  void wrongArgumentsAreRefusedAtOnce() {
    var heap = ByteBuffer.allocate(8);
    var swapped =
        ByteBuffer.allocateDirect(8)
            .order(
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                    ? ByteOrder.LITTLE_ENDIAN
                    : ByteOrder.BIG_ENDIAN);
    run(
        open(1),
        (rank, group) -> {
          var out = Ranks.direct(8);
          var type = ElementType.FLOAT32;
          assertThatThrownBy(() -> group.broadcast(heap, 0)).hasMessageContaining("got heap");
          assertThatThrownBy(() -> group.broadcast(swapped, 0))
              .hasMessageContaining("native order");
          assertThatThrownBy(() -> group.broadcast(out, 1)).hasMessageContaining("got 1 of 1");
          assertThatThrownBy(() -> group.send(out, 0, 0))
              .hasMessage("send: needs another rank of the group; got rank 0 of 1 at rank 0");
          assertThatThrownBy(() -> group.allReduce(0, List.of(), out, type))
              .hasMessageContaining("got 0");
          assertThatThrownBy(
                  () -> group.allReduce(4, List.of(new TreePartial(1, 3, out)), out, type))
              .hasMessageContaining("partial [1, 3)");
          assertThatThrownBy(
                  () -> group.allReduce(1, List.of(new TreePartial(0, 1, heap)), out, type))
              .hasMessageContaining("partial [0, 1) must be a direct buffer");
          assertThatThrownBy(
                  () ->
                      group.allReduce(
                          1, List.of(new TreePartial(0, 1, Ranks.direct(4))), out, type))
              .hasMessageContaining("got partial [0, 1) of 4 bytes");
          var twice = List.of(new TreePartial(0, 2, out), new TreePartial(1, 2, out));
          assertThatThrownBy(() -> group.allReduce(2, twice, out, type))
              .hasMessageContaining("must not overlap");
        });
  }
}
