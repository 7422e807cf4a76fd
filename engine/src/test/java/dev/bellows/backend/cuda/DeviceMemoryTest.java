package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.memory.Block;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeviceMemoryTest {
  private static final long MIB = 1 << 20;
  private static final long LIMIT = 64 * MIB;

  private EmulatedDriver driver;
  private CudaDevice device;
  private DeviceMemory memory;
  private long usedAtFirst;

  @BeforeEach
  void open() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    driver = new EmulatedDriver(LIMIT, 3);
    device = new CudaDevice(driver, 0, null);
    memory = device.memory();
    usedAtFirst = memory.usedBytes();
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  @Test
  void smallRequestsShareASegment() {
    long before = memory.driverAllocations();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      blocks.add(memory.allocate(1 + i * 37));
    }
    assertThat(memory.driverAllocations()).isEqualTo(before);
    assertThat(blocks).allMatch(b -> b.address() % DeviceMemory.UNIT == 0);
    blocks.forEach(memory::release);
    assertThat(memory.usedBytes()).isEqualTo(usedAtFirst);
  }

  @Test
  void aReleasedBlockIsTheNextOfItsSize() {
    Block first = memory.allocate(3 * MIB);
    Block second = memory.allocate(3 * MIB);
    memory.release(first);
    Block third = memory.allocate(3 * MIB);
    assertThat(third.address()).isEqualTo(first.address());
    memory.release(second);
    memory.release(third);
  }

  @Test
  void neighboursBecomeOneAgain() {
    Block a = memory.allocate(5 * MIB);
    Block b = memory.allocate(5 * MIB);
    Block c = memory.allocate(5 * MIB);
    long segments = memory.driverAllocations();
    memory.release(a);
    memory.release(c);
    memory.release(b);
    Block whole = memory.allocate(9 * MIB);
    assertThat(memory.driverAllocations()).isEqualTo(segments);
    memory.release(whole);
  }

  @Test
  void blocksNeverOverlap() {
    SplittableRandom random = new SplittableRandom(5);
    List<Block> live = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (live.size() > 40 || (!live.isEmpty() && random.nextInt(3) == 0)) {
        memory.release(live.remove(random.nextInt(live.size())));
      } else {
        long bytes = random.nextInt(20) == 0 ? random.nextLong(2 * MIB) : random.nextLong(20_000);
        live.add(memory.allocate(bytes));
      }
      if (i % 1000 == 0) {
        List<Block> sorted = new ArrayList<>(live);
        sorted.sort(Comparator.comparingLong(Block::address));
        for (int k = 1; k < sorted.size(); k++) {
          Block before = sorted.get(k - 1);
          assertThat(before.address() + before.bytes())
              .isLessThanOrEqualTo(sorted.get(k).address());
        }
      }
    }
    live.forEach(memory::release);
    assertThat(memory.usedBytes()).isEqualTo(usedAtFirst);
    memory.trim();
    assertThat(memory.cachedBytes()).isLessThanOrEqualTo(DeviceMemory.SMALL_SEGMENT);
  }

  @Test
  void trimGivesBackWhatNobodyUses() {
    memory.release(memory.allocate(30 * MIB));
    assertThat(memory.cachedBytes()).isGreaterThanOrEqualTo(30 * MIB);
    long free = driver.freeBytes();
    memory.trim();
    assertThat(driver.freeBytes()).isEqualTo(free + 30 * MIB);
  }

  @Test
  void anEmptiedCacheMakesRoom() {
    memory.release(memory.allocate(30 * MIB));
    memory.release(memory.allocate(20 * MIB));
    Block large = memory.allocate(45 * MIB);
    assertThat(large.bytes()).isGreaterThanOrEqualTo(45 * MIB);
    memory.release(large);
  }

  @Test
  void saysHowMuchWasAskedUsedAndCached() {
    Block kept = memory.allocate(40 * MIB);
    assertThatThrownBy(() -> memory.allocate(50 * MIB))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageMatching(
            "allocate: cuda:0 must have enough memory; asked 52428800 bytes, in use 419\\d+, cached"
                + " \\d+, largest free block \\d+, free outside this process's cache \\d+ of"
                + " 67108864\\. Use a smaller batch, .*");
    memory.release(kept);
    memory.release(memory.allocate(50 * MIB));
  }

  @Test
  void aBlockComesBackOnce() {
    Block block = memory.allocate(100);
    memory.release(block);
    assertThatThrownBy(() -> memory.release(block))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("release: block must be in use; it was released before");
  }

  @Test
  void aBlockThatAnotherStreamUsesWaitsForIt() {
    long copies = driver.createStream();
    Block block = memory.allocate(3 * MIB);
    driver.fill(block.address(), 1, 3 * MIB, device.stream());
    long event = driver.createEvent(false);
    driver.record(event, device.stream());
    driver.await(copies, event);
    long host = driver.allocateHost(3 * MIB);
    driver.copyToHost(host, block.address(), 3 * MIB, copies);
    memory.noteUse(block, copies);
    memory.release(block);
    Block other = memory.allocate(3 * MIB);
    assertThat(other.address()).isNotEqualTo(block.address());
    driver.synchronizeStream(copies);
    memory.release(other);
    Block again = memory.allocate(3 * MIB);
    Block more = memory.allocate(3 * MIB);
    assertThat(List.of(again.address(), more.address())).contains(block.address());
    memory.release(again);
    memory.release(more);
    driver.synchronize();
  }

  @Test
  void pinnedBuffersAreUsedAgainWhenTheCopyIsDone() {
    PinnedMemory pinned = device.pinned();
    long total = pinned.totalBytes();
    PinnedMemory.Buffer first = pinned.take(5000);
    Block block = memory.allocate(5000);
    driver.copyToDevice(block.address(), first.address(), 5000, device.stream());
    first.closeAfter(device.stream());
    PinnedMemory.Buffer second = pinned.take(5000);
    assertThat(second.address()).isNotEqualTo(first.address());
    device.synchronize();
    try (PinnedMemory.Buffer third = pinned.take(5000)) {
      assertThat(third.address()).isEqualTo(first.address());
    }
    second.close();
    assertThat(pinned.totalBytes()).isEqualTo(total + 2 * 8192);
    memory.release(block);
  }

  @Test
  void largeCopiesGoThroughOneBuffer() {
    Moves moves = new Moves(device);
    int n = (int) (Moves.STAGING_BYTES / 4) + 1000;
    Strided host = array(Storage.allocate(4L * n), n);
    Strided back = array(Storage.allocate(4L * n), n);
    Strided there = array(Storage.allocate(memory, 4L * n), n);
    for (int i = 0; i < n; i += 999) {
      Memory.putInt(host.address() + 4L * i, i);
    }
    moves.upload(host, there);
    moves.download(there, back);
    for (int i = 0; i < n; i += 999) {
      assertThat(Memory.getInt(back.address() + 4L * i)).isEqualTo(i);
    }
    assertThat(device.pinned().totalBytes()).isLessThan(Moves.STAGING_BYTES + MIB);
    for (Strided each : List.of(host, back, there)) {
      each.storage().release();
    }
  }

  private static Strided array(Storage storage, int n) {
    return new Strided(storage, DType.INT32, new long[] {n}, new long[] {1}, 0);
  }
}
