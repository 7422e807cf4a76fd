package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemoryPoolTest {
  @Property
  void classesHoldWhatIsAskedAndLittleMore(@ForAll @LongRange(min = 0, max = 1L << 50) long bytes) {
    int index = MemoryPool.classOf(bytes);
    long size = MemoryPool.sizeOf(index);
    assertThat(size).isGreaterThanOrEqualTo(bytes);
    assertThat(size % 64).isZero();
    if (index > 0) {
      assertThat(MemoryPool.sizeOf(index - 1)).isLessThan(bytes);
      assertThat((double) size).isLessThan(bytes * 1.25);
    }
  }

  @Property
  void aSizeIsOfItsOwnClass(@ForAll @IntRange(max = 200) int index) {
    assertThat(MemoryPool.classOf(MemoryPool.sizeOf(index))).isEqualTo(index);
    assertThat(MemoryPool.sizeOf(index + 1)).isGreaterThan(MemoryPool.sizeOf(index));
  }

  @Test
  @Timeout(10)
  void blocksAreAligned() {
    MemoryPool pool = new MemoryPool(1 << 20);
    List<Block> blocks = new ArrayList<>();
    for (int bytes : new int[] {0, 1, 63, 256, 257, 1000, 4097, 100_000}) {
      Block block = pool.allocate(bytes);
      assertThat(block.address() % 64).as("address of %d bytes", bytes).isZero();
      assertThat(block.bytes()).isGreaterThanOrEqualTo(bytes);
      assertThat(block.buffer().capacity()).isEqualTo((int) block.bytes());
      assertThat(block.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
      block.buffer().putInt((int) block.bytes() - 4, 77);
      assertThat(Memory.getInt(block.address() + block.bytes() - 4)).isEqualTo(77);
      blocks.add(block);
    }
    blocks.forEach(pool::release);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void theLastFreedBlockComesFirst() {
    MemoryPool pool = new MemoryPool(1 << 20);
    Block first = pool.allocate(1000);
    Block second = pool.allocate(1010);
    Block other = pool.allocate(5000);
    assertThat(pool.usedBytes()).isEqualTo(2 * 1024 + 5120);
    pool.release(first);
    pool.release(second);
    assertThat(pool.cachedBytes()).isEqualTo(2 * 1024);
    assertThat(pool.usedBytes()).isEqualTo(5120);
    assertThat(pool.peakBytes()).isEqualTo(2 * 1024 + 5120);
    assertThat(pool.allocate(1024)).isSameAs(second);
    assertThat(pool.allocate(897)).isSameAs(first);
    assertThat(pool.systemAllocations()).isEqualTo(3);
    assertThat(pool.cachedBytes()).isZero();
    pool.release(first);
    pool.release(second);
    pool.release(other);
    pool.trim();
    assertThat(pool.cachedBytes()).isZero();
    assertThat(pool.usedBytes()).isZero();
    Block fresh = pool.allocate(1000);
    assertThat(pool.systemAllocations()).isEqualTo(4);
    pool.release(fresh);
    pool.trim();
  }

  @Test
  @Timeout(30)
  void theLimitNamesAllNumbers() {
    MemoryPool pool = new MemoryPool(4096);
    Block block = pool.allocate(2048);
    assertThatThrownBy(() -> pool.allocate(3000))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessage(
            "allocate: tensor memory must stay within 4096 bytes (-Dbellows.memory.limitBytes);"
                + " asked 3000 in a block of 3072, held 2048 by tensors, cached 0. Use a smaller"
                + " batch, close unused tensors, or raise the limit (-Dbellows.memory.limitBytes;"
                + " on executors spark.executor.memoryOverhead).");
    assertThat(pool.usedBytes()).isEqualTo(2048);
    pool.release(block);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void whatCanNeverFitIsRefusedAtOnce() {
    MemoryPool pool = new MemoryPool(4096);
    pool.reclamation()
        .setFinder(
            () -> {
              throw new AssertionError("no room is made for what is larger than the limit");
            });
    for (long bytes : new long[] {4097, 1L << 40, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> pool.allocate(bytes))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("; asked " + bytes + ", held 0 by tensors, cached 0");
    }
  }

  @Test
  @Timeout(10)
  void aBlockThatCannotFitIsRefusedAtOnce() {
    MemoryPool pool = new MemoryPool(4096);
    pool.reclamation()
        .setFinder(
            () -> {
              throw new AssertionError("no room is made for a block larger than the limit");
            });
    MemoryPool odd = new MemoryPool(4000);
    assertThatThrownBy(() -> odd.allocate(3900))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("within 4000 bytes")
        .hasMessageContaining("; asked 3900 in a block of 4096, held 0");
  }

  @Test
  @Timeout(60)
  void theSystemMayRefuseBelowTheLimit() {
    AtomicInteger calls = new AtomicInteger();
    MemoryPool pool =
        new MemoryPool(
            new MemoryBudget(1 << 20, "a test"),
            bytes -> {
              boolean large = bytes > 100_000;
              calls.addAndGet(large ? 1 : 0);
              return large ? null : Natives.malloc(bytes);
            });
    pool.release(pool.allocate(1000));
    Block kept = pool.allocate(2000);
    assertThatThrownBy(() -> pool.allocate(200_000))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageStartingWith(
            "allocate: the system must have memory for a block of 229376 bytes; it has none, and"
                + " tensor memory must stay within 1048576 bytes (a test); asked 200000 in a block"
                + " of 229376, held 2048 by tensors, cached 0. ")
        .hasMessageContaining("lower the limit (-Dbellows.memory.limitBytes");
    assertThat(calls.get()).as("tries").isGreaterThan(1);
    assertThat(pool.usedBytes()).isEqualTo(2048);
    assertThat(pool.systemAllocations()).isEqualTo(2);
    assertThat(pool.peakBytes()).isEqualTo(2048);
    pool.release(kept);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void onlyAsMuchIsTrimmedAsNeeded() {
    MemoryPool pool = new MemoryPool(10_240);
    Block small = pool.allocate(1024);
    Block large = pool.allocate(8192);
    pool.release(small);
    pool.release(large);
    Block other = pool.allocate(2048);
    assertThat(pool.cachedBytes()).as("the small block stays").isEqualTo(1024);
    assertThat(pool.allocate(1000)).isSameAs(small);
    pool.release(small);
    pool.release(other);
    pool.trim();
  }

  @Test
  @Timeout(60)
  void cachedBlocksOfAClassAreCounted() {
    MemoryPool pool = new MemoryPool(1 << 30);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      blocks.add(pool.allocate(8));
    }
    blocks.forEach(pool::release);
    assertThat(pool.usedBytes()).isZero();
    assertThat(pool.cachedBytes()).isEqualTo(256L << 14);
    pool.trim();
  }

  @Test
  @Timeout(60)
  void growthAsksForACollectionLongBeforeTheLimit() {
    MemoryPool pool = new MemoryPool(1L << 40);
    ArrayDeque<Block> lost = new ArrayDeque<>();
    pool.reclamation()
        .setFinder(
            () -> {
              boolean any = !lost.isEmpty();
              while (!lost.isEmpty()) {
                pool.release(lost.poll());
              }
              return any;
            });
    for (int i = 0; i < 400; i++) {
      lost.add(pool.allocate(4 << 20));
      assertThat(pool.usedBytes() + pool.cachedBytes()).isLessThanOrEqualTo(64 << 20);
    }
    pool.trim();
  }

  @Test
  @Timeout(60)
  void aLowerLimitHoldsForWhatComes() {
    MemoryPool pool = new MemoryPool(1 << 20);
    Block block = pool.allocate(4096);
    pool.setBudget(new MemoryBudget(4096, "less"));
    assertThat(pool.limitBytes()).isEqualTo(4096);
    assertThatThrownBy(() -> pool.allocate(256))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("within 4096 bytes (less); asked 256, held 4096 by tensors");
    pool.release(block);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void cachedBlocksMakeRoomForOtherSizes() {
    MemoryPool pool = new MemoryPool(4096);
    pool.release(pool.allocate(2048));
    Block large = pool.allocate(4096);
    assertThat(pool.cachedBytes()).isZero();
    assertThat(pool.usedBytes()).isEqualTo(4096);
    pool.release(large);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void theReclaimerRunsBeforeTheLimitHolds() {
    MemoryPool pool = new MemoryPool(4096);
    Block lost = pool.allocate(4096);
    AtomicInteger calls = new AtomicInteger();
    pool.reclamation()
        .setFinder(
            () -> {
              if (calls.getAndIncrement() == 0) {
                pool.release(lost);
                return true;
              }
              return false;
            });
    Block block = pool.allocate(2048);
    assertThat(calls).hasValue(1);
    assertThat(pool.usedBytes()).isEqualTo(2048);
    pool.release(block);
    pool.trim();
  }
}
