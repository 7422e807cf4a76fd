package dev.bellows.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Caching allocator for tensor memory on the CPU. Requests are rounded up to a size class (powers
 * of two with four steps between, from 256 bytes on); a freed block waits in its class for the next
 * request of that class, most recently used first, so that hot memory stays in the processor's
 * cache and no page is touched for the first time twice. All blocks start at a multiple of 64
 * bytes.
 *
 * <p>A request that would exceed {@link #limitBytes()} first runs {@link Reclaimer} (finds
 * unreachable tensors), then returns cached blocks to the system, then asks for one garbage
 * collection and waits for it, and then fails with an {@link OutOfMemoryException}. Thread-safe.
 */
public final class MemoryPool implements Allocator {
  /** Frees memory of tensors that are no longer reachable; answers whether any was found. */
  public interface Reclaimer {
    boolean reclaim();
  }

  private static final long ALIGNMENT = 64;
  private static final int CLASSES = 256;
  private static final long GC_WAIT_MS = 2000;

  static {
    // JavaCPP fails allocations once the process is larger than a few Java heaps, which tensors
    // outside the heap soon make it; this pool has its own limit. Read when JavaCPP first loads.
    if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
      System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }
  }

  private static final MemoryPool CPU = new MemoryPool(defaultLimit());

  private final ArrayDeque<Block>[] free;
  private final long limitBytes;
  private volatile Reclaimer reclaimer = () -> false;
  private long usedBytes;
  private long peakBytes;
  private long cachedBytes;
  private long allocations;

  @SuppressWarnings({"unchecked", "rawtypes"})
  MemoryPool(long limitBytes) {
    this.limitBytes = limitBytes;
    this.free = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque();
    }
  }

  /** The pool of this process for memory on the CPU. */
  public static MemoryPool cpu() {
    return CPU;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  /** Frees memory of tensors that are no longer reachable, on whatever device. */
  public boolean reclaim() {
    return reclaimer.reclaim();
  }

  /** Registers what finds unreachable tensors before the pool gives up. */
  public void setReclaimer(Reclaimer reclaimer) {
    this.reclaimer = reclaimer;
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutOfMemoryException if the limit would be exceeded, or the system has no more memory
   */
  @Override
  public Block allocate(long bytes) {
    if (bytes > limitBytes) {
      throw usedUp(bytes);
    }
    int index = classOf(bytes);
    Block block = take(index);
    if (block != null) {
      return block;
    }
    long size = sizeOf(index);
    for (int attempt = 0; ; attempt++) {
      if (reserve(size)) {
        block = create(size);
        if (block != null) {
          return block;
        }
        unreserve(size);
      }
      if (!makeRoom(attempt, this::trim)) {
        throw usedUp(bytes);
      }
      block = take(index);
      if (block != null) {
        return block;
      }
    }
  }

  private OutOfMemoryException usedUp(long bytes) {
    return new OutOfMemoryException(
        "allocate: tensor memory must stay within "
            + limitBytes
            + " bytes (-Dbellows.memory.limitBytes); asked "
            + bytes
            + ", in use "
            + usedBytes()
            + ", cached "
            + cachedBytes()
            + ". Use a smaller batch, close unused tensors, or raise the limit.");
  }

  @Override
  public void release(Block block) {
    int index = classOf(block.bytes());
    synchronized (this) {
      free[index].push(block);
      usedBytes -= block.bytes();
      cachedBytes += block.bytes();
    }
  }

  /** Returns all cached blocks to the system. */
  public synchronized void trim() {
    for (ArrayDeque<Block> blocks : free) {
      for (Block block : blocks) {
        Pointer.free(new RawPointer(block.base, 0));
        cachedBytes -= block.bytes();
      }
      blocks.clear();
    }
  }

  /** Bytes in blocks that are handed out. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** The highest {@link #usedBytes()} so far. */
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /** Bytes in blocks that wait for reuse. */
  public synchronized long cachedBytes() {
    return cachedBytes;
  }

  /** How many blocks were asked from the system, not from the cache, so far. */
  public synchronized long systemAllocations() {
    return allocations;
  }

  /** Most bytes this pool may hold. */
  public long limitBytes() {
    return limitBytes;
  }

  private synchronized Block take(int index) {
    Block block = free[index].poll();
    if (block != null) {
      cachedBytes -= block.bytes();
      use(block.bytes());
    }
    return block;
  }

  private synchronized boolean reserve(long size) {
    if (usedBytes + cachedBytes + size > limitBytes) {
      return false;
    }
    use(size);
    allocations++;
    return true;
  }

  private synchronized void unreserve(long size) {
    usedBytes -= size;
  }

  private void use(long size) {
    usedBytes += size;
    peakBytes = Math.max(peakBytes, usedBytes);
  }

  /**
   * Does what may free memory, a step for each attempt from 0 on: finds unreachable tensors, on
   * whatever device, and then asks for a garbage collection and waits for it.
   *
   * @param trim gives what a pool caches back to its system
   * @return whether to try again; false if there is no further step
   */
  public boolean makeRoom(int attempt, Runnable trim) {
    switch (attempt) {
      case 0 -> reclaim();
      case 1 -> {
        System.gc();
        long deadline = System.nanoTime() + GC_WAIT_MS * 1_000_000;
        while (!reclaim() && System.nanoTime() < deadline) {
          LockSupport.parkNanos(5_000_000);
        }
      }
      default -> {
        return false;
      }
    }
    trim.run();
    return true;
  }

  private static Block create(long size) {
    Pointer pointer = Pointer.malloc(size + ALIGNMENT);
    if (pointer == null || pointer.isNull()) {
      return null;
    }
    long base = pointer.address();
    long address = (base + ALIGNMENT - 1) & -ALIGNMENT;
    return new Block(base, address, size, view(address, size), null);
  }

  /** A direct buffer over memory that somebody else keeps. */
  static ByteBuffer view(long address, long size) {
    if (size > Integer.MAX_VALUE) {
      return null;
    }
    return new RawPointer(address, size).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Size class: four steps for each power of two, the first of 256 bytes. */
  static int classOf(long bytes) {
    if (bytes <= 256) {
      return 0;
    }
    long last = bytes - 1;
    int log = 63 - Long.numberOfLeadingZeros(last);
    int quarter = (int) ((last >>> (log - 2)) & 3);
    return (log - 8) * 4 + quarter + 1;
  }

  /** Capacity of a size class in bytes. */
  static long sizeOf(int index) {
    if (index == 0) {
      return 256;
    }
    int log = (index - 1) / 4 + 8;
    int quarter = (index - 1) % 4;
    return (1L << log) + ((long) (quarter + 1) << (log - 2));
  }

  private static long defaultLimit() {
    Long set = Long.getLong("bellows.memory.limitBytes");
    if (set != null) {
      return set;
    }
    var os = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long total =
        os instanceof com.sun.management.OperatingSystemMXBean host
            ? host.getTotalMemorySize()
            : 4L << 30;
    return Math.max(1L << 30, total - Runtime.getRuntime().maxMemory());
  }

  /** A JavaCPP pointer over an address that nobody else frees. */
  private static final class RawPointer extends BytePointer {
    RawPointer(long address, long capacity) {
      this.address = address;
      this.limit = capacity;
      this.capacity = capacity;
    }
  }
}
