package dev.bellows.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.bytedeco.javacpp.BytePointer;

/**
 * Memory shared by a tensor, its views, and the graph nodes that saved them. It counts its users:
 * whoever keeps a storage calls {@link #retain()} and later {@link #release()} once; the last
 * release gives the memory back to the pool. The version counts changes in place, so that a saved
 * tensor that was changed since is noticed.
 */
public final class Storage {
  private static final AtomicIntegerFieldUpdater<Storage> REFS =
      AtomicIntegerFieldUpdater.newUpdater(Storage.class, "refs");
  private static final int WATCHED = 64;
  private static final byte POISON = (byte) 0xA5;

  private final Block block;
  private final long bytes;
  private final boolean pooled;
  private final boolean readOnly;
  private volatile int refs = 1;
  private int version;

  private Storage(Block block, long bytes, boolean pooled, boolean readOnly) {
    this.block = block;
    this.bytes = bytes;
    this.pooled = pooled;
    this.readOnly = readOnly;
  }

  /**
   * New memory of undefined content with one user.
   *
   * @throws OutOfMemoryException if the pool's limit would be exceeded
   */
  public static Storage allocate(long bytes) {
    Storage storage = new Storage(MemoryPool.cpu().allocate(bytes), bytes, true, false);
    assert storage.poison();
    return storage;
  }

  /** Memory of a direct buffer from its position to its limit, shared with it and kept alive. */
  public static Storage wrap(ByteBuffer direct) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException("wrap: buffer must be direct; got a heap buffer");
    }
    ByteBuffer view = direct.slice().order(ByteOrder.nativeOrder());
    try (BytePointer pointer = new BytePointer(view)) {
      Block block = new Block(0, pointer.address(), view.capacity(), view, view);
      return new Storage(block, view.capacity(), false, direct.isReadOnly());
    }
  }

  /** Address of the first byte. */
  public long address() {
    if (refs <= 0) {
      throw new IllegalStateException("storage: must be live; it was released");
    }
    return block.address();
  }

  /** Size in bytes as asked for. */
  public long bytes() {
    return bytes;
  }

  /** Whether the memory must not be written, which may end the process. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /** The block behind this storage. */
  public Block block() {
    return block;
  }

  /** Adds a user. */
  public void retain() {
    if (REFS.getAndUpdate(this, n -> n > 0 ? n + 1 : n) <= 0) {
      throw new IllegalStateException("retain: storage must be live; it was released before");
    }
  }

  /** Ends one use; the last one gives the memory back. */
  public void release() {
    int before = REFS.getAndUpdate(this, n -> n > 0 ? n - 1 : n);
    if (before <= 0) {
      throw new IllegalStateException("release: storage must be live; it was released before");
    }
    if (before == 1 && pooled) {
      assert isIntact() : "release: a kernel wrote behind the end of " + bytes + " bytes";
      MemoryPool.cpu().release(block);
    }
  }

  /** With assertions, the first bytes of what the pool gave too much are watched. */
  private boolean poison() {
    Memory.set(block.address() + bytes, Math.min(WATCHED, block.bytes() - bytes), POISON);
    return true;
  }

  private boolean isIntact() {
    long end = Math.min(bytes + WATCHED, block.bytes());
    for (long i = bytes; i < end; i++) {
      if (Memory.getByte(block.address() + i) != POISON) {
        return false;
      }
    }
    return true;
  }

  /** Whether anybody still uses this storage. */
  public boolean isLive() {
    return refs > 0;
  }

  /** Whether more than one user holds this storage. */
  public boolean isShared() {
    return refs > 1;
  }

  /** How often the content was changed in place. */
  public int version() {
    return version;
  }

  /** Notes a change in place. */
  public void bumpVersion() {
    version++;
  }
}
