package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.Block;
import dev.bellows.memory.Device;
import dev.bellows.memory.GrowthRule;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.memory.Reclamation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Caching allocator of a device's memory, in the order of the main stream: a released block may be
 * reused at once, since the work of its next user runs after that of its last user. A block that
 * another stream uses too ({@link #noteUse}) is reused after that work is complete.
 *
 * <p>Memory is allocated from the driver in segments: of {@link #SMALL_SEGMENT} bytes for requests
 * of at most {@link #SMALL} bytes, of {@link #LARGE_SEGMENT} for larger ones, and of the request's
 * own size from {@link #LARGE} on. A request takes the smallest free piece that fits, which is
 * split if the remainder is large enough; adjacent free pieces are merged. Sizes are multiples of
 * {@link #UNIT}. Thread-safe.
 */
final class DeviceMemory implements Allocator {
  static final long UNIT = 512;
  static final long SMALL = 1 << 20;
  static final long SMALL_SEGMENT = 2 << 20;
  static final long LARGE = 10 << 20;
  static final long LARGE_SEGMENT = 20 << 20;
  private static final long OWN_UNIT = 2 << 20;

  private final CudaDevice device;
  private final Driver driver;
  private final GrowthRule growth;
  private final Pool main = new Pool();
  private Pool captured;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long usedBytes;
  private long peakBytes;
  private long heldBytes;
  private long driverAllocations;

  private static final Comparator<Piece> BY_SIZE =
      Comparator.<Piece>comparingLong(p -> p.bytes).thenComparingLong(p -> p.address);

  DeviceMemory(CudaDevice device) {
    this.device = device;
    this.driver = device.driver();
    this.growth = new GrowthRule(device.properties().totalBytes(), System.nanoTime());
  }

  @Override
  public Device device() {
    return device.device();
  }

  @Override
  public Block allocate(long bytes) {
    device.bind();
    long size = Math.max(UNIT, (bytes + UNIT - 1) / UNIT * UNIT);
    Reclamation reclamation = MemoryPool.cpu().reclamation();
    reclamation.beforeGrowth(growth, this::usedBytes, size);
    for (int attempt = 0; ; attempt++) {
      Block block = tryAllocate(bytes, size);
      if (block != null) {
        return block;
      }
      if (!reclamation.makeRoom(attempt)) {
        throw usedUp(bytes);
      }
      trim();
    }
  }

  private synchronized Block tryAllocate(long bytes, long size) {
    poll();
    boolean small = size <= SMALL;
    Pool pool = device.isCapturing() ? captured : main;
    TreeSet<Piece> free = pool.free(small);
    Piece piece = free.ceiling(new Piece(null, 0, size));
    if (piece != null) {
      free.remove(piece);
    } else {
      piece = newSegment(pool, size, small);
      if (piece == null) {
        return null;
      }
    }
    if (piece.bytes - size >= (small ? UNIT : SMALL)) {
      cut(piece, size, free);
    }
    piece.free = false;
    usedBytes += piece.bytes;
    peakBytes = Math.max(peakBytes, usedBytes);
    driver.noteTaken(piece.address, bytes, device.stream());
    return Block.ofDevice(piece.address, piece.bytes, piece);
  }

  private Piece newSegment(Pool pool, long size, boolean small) {
    long bytes =
        small
            ? SMALL_SEGMENT
            : size < LARGE ? LARGE_SEGMENT : (size + OWN_UNIT - 1) / OWN_UNIT * OWN_UNIT;
    long address = driver.allocate(bytes);
    if (address == 0 && bytes > size) {
      bytes = size; // nearly full: allocate only the requested size
      address = driver.allocate(bytes);
    }
    if (address == 0) {
      return null;
    }
    driverAllocations++;
    heldBytes += bytes;
    Segment segment = new Segment(pool, address, bytes, small);
    pool.segments.add(segment);
    return new Piece(segment, address, bytes);
  }

  private static void cut(Piece piece, long size, TreeSet<Piece> free) {
    Piece rest = new Piece(piece.segment, piece.address + size, piece.bytes - size);
    rest.before = piece;
    rest.after = piece.after;
    if (piece.after != null) {
      piece.after.before = rest;
    }
    piece.after = rest;
    piece.bytes = size;
    rest.free = true;
    free.add(rest);
  }

  @Override
  public void release(Block block) {
    device.bind();
    synchronized (this) {
      Piece piece = (Piece) block.owner();
      if (piece.free) {
        throw new IllegalStateException("release: block must be in use; it was released before");
      }
      usedBytes -= piece.bytes;
      if (piece.streams.isEmpty()) {
        giveBack(piece);
        return;
      }
      for (long stream : piece.streams) {
        long event = driver.createEvent(false);
        driver.record(event, stream);
        waiting.add(new Waiting(piece, event));
        piece.events++;
      }
      piece.streams.clear();
    }
  }

  /** Records that another stream uses a block, for the work submitted to that stream so far. */
  synchronized void noteUse(Block block, long stream) {
    Piece piece = (Piece) block.owner();
    if (!piece.streams.contains(stream)) {
      piece.streams.add(stream);
    }
  }

  private void poll() {
    for (int n = waiting.size(); n > 0; n--) {
      Waiting each = waiting.poll();
      if (!driver.isDone(each.event)) {
        waiting.add(each);
        continue;
      }
      driver.destroyEvent(each.event);
      if (--each.piece.events == 0) {
        giveBack(each.piece);
      }
    }
  }

  private void giveBack(Piece given) {
    Piece piece = given;
    long stream = piece.segment.pool == captured ? device.stream() : device.mainStream();
    driver.noteReturned(piece.address, piece.bytes, stream);
    TreeSet<Piece> free = piece.segment.pool.free(piece.segment.small);
    if (piece.before != null && piece.before.free) {
      free.remove(piece.before);
      piece = join(piece.before, piece);
    }
    if (piece.after != null && piece.after.free) {
      free.remove(piece.after);
      piece = join(piece, piece.after);
    }
    piece.free = true;
    free.add(piece);
  }

  private static Piece join(Piece first, Piece second) {
    first.bytes += second.bytes;
    first.after = second.after;
    if (second.after != null) {
      second.after.before = first;
    }
    return first;
  }

  /** Returns unused segments to the driver, after all work is complete. */
  void trim() {
    device.bind();
    driver.synchronize();
    synchronized (this) {
      poll();
      main.segments.removeIf(
          segment -> {
            TreeSet<Piece> free = main.free(segment.small);
            Piece whole = new Piece(segment, segment.address, segment.bytes);
            if (!free.remove(whole)) {
              return false;
            }
            driver.free(segment.address);
            heldBytes -= segment.bytes;
            return true;
          });
    }
  }

  private synchronized OutOfMemoryException usedUp(long bytes) {
    long largest = 0;
    for (TreeSet<Piece> free : List.of(main.small, main.large)) {
      largest = Math.max(largest, free.isEmpty() ? 0 : free.last().bytes);
    }
    return new OutOfMemoryException(
        message(
            "allocate: %s must have enough memory; asked %s bytes, in use %s, cached %s, largest"
                + " free block %s, free outside this process's cache %s of %s. Use a smaller batch,"
                + " close unused tensors, or free memory that other processes use.",
            device.device(),
            bytes,
            usedBytes,
            heldBytes - usedBytes,
            largest,
            driver.freeBytes(),
            device.properties().totalBytes()));
  }

  /** Returns the bytes in allocated blocks. */
  synchronized long usedBytes() {
    return usedBytes;
  }

  /** Returns the highest {@link #usedBytes()} so far. */
  synchronized long peakBytes() {
    return peakBytes;
  }

  /** Returns the bytes in blocks that are cached for reuse. */
  synchronized long cachedBytes() {
    return heldBytes - usedBytes;
  }

  /** Returns the number of segments allocated from the driver so far. */
  synchronized long driverAllocations() {
    return driverAllocations;
  }

  /**
   * Starts allocating the capturing thread's memory from a separate pool, for a graph whose kernels
   * have fixed addresses; the pool is reserved until {@link #closeGraph}.
   */
  synchronized Pool beginGraph() {
    captured = new Pool();
    return captured;
  }

  /** Ends {@link #beginGraph}. */
  synchronized void endGraph() {
    captured = null;
  }

  /** Returns the memory of a graph that will not be launched again to general use. */
  synchronized void closeGraph(Pool pool) {
    for (Segment segment : pool.segments) {
      segment.pool = main;
      main.segments.add(segment);
    }
    main.small.addAll(pool.small);
    main.large.addAll(pool.large);
    pool.segments.clear();
    pool.small.clear();
    pool.large.clear();
  }

  /** Segments and their free pieces. */
  static final class Pool {
    private final TreeSet<Piece> small = new TreeSet<>(BY_SIZE);
    private final TreeSet<Piece> large = new TreeSet<>(BY_SIZE);
    private final List<Segment> segments = new ArrayList<>();

    private Pool() {}

    private TreeSet<Piece> free(boolean ofSmall) {
      return ofSmall ? small : large;
    }
  }

  private static final class Segment {
    private final long address;
    private final long bytes;
    private final boolean small;
    private Pool pool;

    Segment(Pool pool, long address, long bytes, boolean small) {
      this.pool = pool;
      this.address = address;
      this.bytes = bytes;
      this.small = small;
    }
  }

  private record Waiting(Piece piece, long event) {}

  /** A part of a segment, in use or free, linked to its neighbours. */
  private static final class Piece {
    private final Segment segment;
    private final long address;
    private final List<Long> streams = new ArrayList<>(0);
    private long bytes;
    private Piece before;
    private Piece after;
    private boolean free;
    private int events;

    Piece(Segment segment, long address, long bytes) {
      this.segment = segment;
      this.address = address;
      this.bytes = bytes;
    }
  }
}
