package dev.bellows.memory;

import java.util.ArrayDeque;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caching allocator for tensor memory on the CPU. Requests are rounded up to a size class (powers
 * of two with four steps between, from 256 bytes on); a freed block waits in its class for the next
 * request of that class, most recently used first, so that hot memory stays in the processor's
 * cache and no page is touched for the first time twice. All blocks start at a multiple of 64
 * bytes.
 *
 * <p>Unreachable tensors are found as {@link GrowthRule} says. A request that would exceed {@link
 * #limitBytes()} first returns cached blocks of other classes to the system, then asks for a
 * garbage collection, and then fails with an {@link OutOfMemoryException}. Thread-safe.
 */
public final class MemoryPool implements Allocator {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryPool.class);
  private static final long ALIGNMENT = 64;
  private static final int CLASSES = 256;

  /** Keeps the Java objects of cached blocks few after a time of very many small tensors. */
  private static final int MOST_CACHED_OF_A_CLASS = 1 << 14;

  /** malloc keeps what is freed between blocks in use until it is asked to return it. */
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

  /** The pool of this process for memory on the CPU. */
  public static MemoryPool cpu() {
    return CPU;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  /** Finds unreachable tensors, for the allocators of all devices. */
  public Reclamation reclamation() {
    return reclamation;
  }

  /**
   * Changes the limit. Blocks that are handed out stay, even if they are more than the new limit.
   */
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

  /** Returns cached blocks of {@code bytes} in all, or a little more, the largest first. */
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
}
