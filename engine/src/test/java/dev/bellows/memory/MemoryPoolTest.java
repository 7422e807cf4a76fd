package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
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
                + " asked 3000, in use 2048, cached 0. Use a smaller batch, close unused tensors,"
                + " or raise the limit.");
    assertThat(pool.usedBytes()).isEqualTo(2048);
    pool.release(block);
    pool.trim();
  }

  @Test
  @Timeout(10)
  void whatCanNeverFitIsRefusedAtOnce() {
    MemoryPool pool = new MemoryPool(4096);
    pool.setReclaimer(
        () -> {
          throw new AssertionError("no room is made for what is larger than the limit");
        });
    for (long bytes : new long[] {4097, 1L << 40, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> pool.allocate(bytes))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("; asked " + bytes + ", in use 0");
    }
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
    pool.setReclaimer(
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
