package dev.bellows.memory;

import java.util.ArrayDeque;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caching allocator for tensor memory on the CPU. Requests are rounded up to a size class (powers
 * of two with four steps between, starting at 256 bytes). A freed block stays in its class for the
 * next request of that class, most recently used first, so that hot memory stays in the processor's
 * cache and pages are not faulted in again. All blocks are aligned to 64 bytes.
 *
 * <p>{@link GrowthRule} decides when to look for unreachable tensors. A request that would exceed
 * {@link #limitBytes()} first returns cached blocks of other classes to the system, then requests a
 * garbage collection, and then fails with an {@link OutOfMemoryException}. Thread-safe.
 */
public final class MemoryPool implements Allocator {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryPool.class);
  private static final long ALIGNMENT = 64;
  private static final int CLASSES = 256;

  /** Bounds the number of Java objects for cached blocks after many small tensors were freed. */
  private static final int MOST_CACHED_OF_A_CLASS = 1 << 14;

  /** malloc retains freed memory between live blocks until malloc_trim is called. */
  private static final int RETURNED_OF_LIMIT = 8;

  private static final MemoryPool CPU = ofProcess();

  private final ArrayDeque<Block>[] free;
  private final LongFunction<Pointer> malloc;
  private final Reclamation reclamation = new Reclamation();
  private final GrowthRule growth;
  private MemoryBudget budget;
  private long usedBytes;
  private long peakBytes;
  private long cachedBytes;
  private long returnedBytes;
  private long allocations;

  MemoryPool(long limitBytes) {
    this(new MemoryBudget(limitBytes, "-D" + MemoryBudget.PROPERTY), Natives::malloc);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  MemoryPool(MemoryBudget budget, LongFunction<Pointer> malloc) {
    this.budget = budget;
    this.malloc = malloc;
    this.growth = new GrowthRule(budget.limitBytes(), System.nanoTime());
    this.free = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque();
    }
  }

  private static MemoryPool ofProcess() {
    MemoryBudget budget = MemoryBudget.ofProcess();
    LOG.debug("memory: tensors may use {} bytes ({})", budget.limitBytes(), budget.origin());
    return new MemoryPool(budget, Natives::malloc);
  }

  /** Returns the process-wide pool for CPU memory. */
  public static MemoryPool cpu() {
    return CPU;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  /** Returns the reclamation of unreachable tensors, which the allocators of all devices share. */
  public Reclamation reclamation() {
    return reclamation;
  }

  /** Changes the limit. Allocated blocks stay valid even if they exceed the new limit. */
  public void setBudget(MemoryBudget changed) {
    synchronized (this) {
      budget = changed;
    }
    synchronized (growth) {
      growth.setLimit(changed.limitBytes());
    }
    LOG.info("memory: tensors may use {} bytes ({})", changed.limitBytes(), changed.origin());
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutOfMemoryException if the limit would be exceeded, or the system has no more memory
   */
  @Override
  public Block allocate(long bytes) {
    int index = classOf(bytes);
    long size = sizeOf(index);
    if (bytes > limitBytes() || size > limitBytes()) {
      throw usedUp(bytes, size, false);
    }
    reclamation.beforeGrowth(growth, this::usedBytes, size);
    for (int attempt = 0; ; attempt++) {
      Block block = take(index);
      if (block != null) {
        return block;
      }
      boolean reserved = reserve(size);
      if (reserved) {
        block = create(size);
        if (block != null) {
          count();
          return block;
        }
        unreserve(size);
        trim();
      }
      if (!reclamation.makeRoom(attempt)) {
        throw usedUp(bytes, size, reserved);
      }
    }
  }

  private synchronized OutOfMemoryException usedUp(long bytes, long size, boolean refused) {
    return new OutOfMemoryException(
        "allocate: "
            + (refused
                ? "the system must have memory for a block of " + size + " bytes; it has none, and "
                : "")
            + "tensor memory must stay within "
            + budget.limitBytes()
            + " bytes ("
            + budget.origin()
            + "); asked "
            + bytes
            + (size > bytes && bytes <= budget.limitBytes() ? " in a block of " + size : "")
            + ", held "
            + usedBytes
            + " by tensors, cached "
            + cachedBytes
            + ". Use a smaller batch, close unused tensors, or "
            + (refused ? "lower" : "raise")
            + " the limit (-D"
            + MemoryBudget.PROPERTY
            + "; on executors spark.executor.memoryOverhead)."
            + reclamation.advice());
  }

  @Override
  public void release(Block block) {
    int index = classOf(block.bytes());
    synchronized (this) {
      usedBytes -= block.bytes();
      if (free[index].size() < MOST_CACHED_OF_A_CLASS) {
        free[index].push(block);
        cachedBytes += block.bytes();
        return;
      }
    }
    Natives.free(block.base);
  }

  /** Returns all cached blocks to the system. */
  public synchronized void trim() {
    evict(cachedBytes);
    Natives.trim();
  }

  /** Returns at least {@code bytes} of cached blocks to the system, the largest first. */
  private void evict(long bytes) {
    long most = cachedBytes - bytes;
    for (int i = CLASSES - 1; i >= 0 && cachedBytes > most; i--) {
      while (cachedBytes > most && !free[i].isEmpty()) {
        Block block = free[i].pollLast();
        Natives.free(block.base);
        cachedBytes -= block.bytes();
        returnedBytes += block.bytes();
      }
    }
    if (returnedBytes > budget.limitBytes() / RETURNED_OF_LIMIT) {
      Natives.trim();
      returnedBytes = 0;
    }
  }

  /** Returns the bytes in allocated blocks. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** Returns the highest {@link #usedBytes()} so far. */
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /** Returns the bytes in blocks that are cached for reuse. */
  public synchronized long cachedBytes() {
    return cachedBytes;
  }

  /**
   * Returns the number of blocks that were allocated from the system instead of the cache so far.
   */
  public synchronized long systemAllocations() {
    return allocations;
  }

  /** Returns the maximum bytes that this pool may hold. */
  public synchronized long limitBytes() {
    return budget.limitBytes();
  }

  private synchronized Block take(int index) {
    Block block = free[index].poll();
    if (block != null) {
      cachedBytes -= block.bytes();
      usedBytes += block.bytes();
      peakBytes = Math.max(peakBytes, usedBytes);
    }
    return block;
  }

  private synchronized boolean reserve(long size) {
    long room = budget.limitBytes() - usedBytes - size;
    if (room < 0) {
      return false;
    }
    if (cachedBytes > room) {
      evict(cachedBytes - room);
    }
    usedBytes += size;
    return true;
  }

  private synchronized void unreserve(long size) {
    usedBytes -= size;
  }

  private synchronized void count() {
    allocations++;
    peakBytes = Math.max(peakBytes, usedBytes);
  }

  private Block create(long size) {
    Pointer pointer = malloc.apply(size + ALIGNMENT);
    if (pointer == null || pointer.isNull()) {
      return null;
    }
    long base = pointer.address();
    long address = (base + ALIGNMENT - 1) & -ALIGNMENT;
    return new Block(base, address, size, Natives.view(address, size), null);
  }

  /** Returns the size class of a request: four steps per power of two, the first of 256 bytes. */
  static int classOf(long bytes) {
    if (bytes <= 256) {
      return 0;
    }
    long last = bytes - 1;
    int log = 63 - Long.numberOfLeadingZeros(last);
    int quarter = (int) ((last >>> (log - 2)) & 3);
    return (log - 8) * 4 + quarter + 1;
  }

  /** Returns the capacity of a size class in bytes. */
  static long sizeOf(int index) {
    if (index == 0) {
      return 256;
    }
    int log = (index - 1) / 4 + 8;
    int quarter = (index - 1) % 4;
    return (1L << log) + ((long) (quarter + 1) << (log - 2));
  }
}
