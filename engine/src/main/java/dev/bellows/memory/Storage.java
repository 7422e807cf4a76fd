package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Reference-counted memory shared by a tensor, its views, and the graph nodes that saved them. Each
 * holder calls {@link #retain()} and later {@link #release()} once; the last release returns the
 * memory to the pool. The version counts changes in place, so that a change to a saved tensor is
 * detected.
 */
public final class Storage {
  private static final AtomicIntegerFieldUpdater<Storage> REFS =
      AtomicIntegerFieldUpdater.newUpdater(Storage.class, "refs");
  private static final int WATCHED = 64;
  private static final byte POISON = (byte) 0xA5;

  private final long bytes;
  private final Allocator allocator;
  private final Reordered reordered;
  private volatile Block block;
  private final Device device;
  private final boolean readOnly;
  private volatile int refs = 1;
  private int version;

  private Storage(Block block, long bytes, Allocator allocator, boolean readOnly) {
    this.block = block;
    this.reordered = null;
    this.bytes = bytes;
    this.allocator = allocator;
    this.device = allocator == null ? Device.CPU : allocator.device();
    this.readOnly = readOnly;
  }

  private Storage(Allocator allocator, Reordered reordered) {
    this.reordered = reordered;
    this.bytes = reordered.real.numel() * reordered.real.dtype().bytes();
    this.allocator = allocator;
    this.device = allocator.device();
    this.readOnly = false;
  }

  /**
   * Returns memory of undefined content for a row-major array that is stored in another order
   * internally. Kernels that accept any order use it as stored ({@link Strided#physical()}); access
   * to the plain memory (an address, a block) converts it to row-major order once and permanently.
   *
   * @param sizes of the array
   * @param strides in elements, without holes
   * @param copy copies values from one array to another of the same sizes
   */
  public static Storage reordered(
      Allocator allocator,
      DType dtype,
      long[] sizes,
      long[] strides,
      BiConsumer<Strided, Strided> copy) {
    Storage memory = allocate(allocator, Shapes.numel(sizes) * dtype.bytes());
    return new Storage(
        allocator, new Reordered(new Strided(memory, dtype, sizes, strides, 0), copy));
  }

  /** Returns the whole array in its internal order, or null if the memory is plain. */
  Strided inside() {
    return reordered == null || block != null ? null : reordered.real;
  }

  /**
   * Converts the array to row-major order. The reordered memory is kept until the storage is freed,
   * as another thread may be reading it.
   */
  private synchronized Block layOut() {
    if (block == null) {
      Strided real = reordered.real;
      Storage plain = allocate(allocator, bytes);
      long[] strides = Shapes.contiguousStrides(real.sizes());
      reordered.copy.accept(real, new Strided(plain, real.dtype(), real.sizes(), strides, 0));
      block = plain.block; // ownership moves to this storage
    }
    return block;
  }

  /**
   * Allocates CPU memory of undefined content with a reference count of 1.
   *
   * @throws OutOfMemoryException if the pool's limit would be exceeded
   */
  public static Storage allocate(long bytes) {
    return allocate(MemoryPool.cpu(), bytes);
  }

  /**
   * Allocates device memory of undefined content with a reference count of 1.
   *
   * @throws OutOfMemoryException if the allocator has none left
   */
  public static Storage allocate(Allocator allocator, long bytes) {
    Storage storage = new Storage(allocator.allocate(bytes), bytes, allocator, false);
    assert storage.poison();
    return storage;
  }

  /**
   * Wraps the memory of a direct buffer from its position to its limit; the memory is shared and
   * kept alive.
   *
   * @throws IllegalArgumentException if the buffer is on the Java heap, or not in native byte order
   */
  public static Storage wrap(Buffer direct) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException("wrap: buffer must be direct; got a heap buffer");
    }
    long bytes = (long) direct.remaining() * elementBytes(direct);
    Natives.load();
    try (Pointer pointer = pointer(direct)) {
      long address = pointer.address();
      ByteBuffer view = Natives.view(address, bytes);
      return new Storage(
          new Block(0, address, bytes, view, direct), bytes, null, direct.isReadOnly());
    }
  }

  private static int elementBytes(Buffer buffer) {
    if (buffer instanceof ByteBuffer) {
      return 1;
    }
    ByteOrder order =
        buffer instanceof FloatBuffer f
            ? f.order()
            : buffer instanceof DoubleBuffer d
                ? d.order()
                : buffer instanceof LongBuffer l
                    ? l.order()
                    : buffer instanceof IntBuffer i ? i.order() : ((ShortBuffer) buffer).order();
    if (order != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          message(
              "wrap: buffer must be in native byte order, %s; got %s",
              ByteOrder.nativeOrder(), order));
    }
    return buffer instanceof DoubleBuffer || buffer instanceof LongBuffer
        ? 8
        : buffer instanceof ShortBuffer ? 2 : 4;
  }

  /**
   * Returns a pointer to the buffer's position. It slices the buffer, as JavaCPP's pointers to
   * other buffers ignore the position.
   */
  private static Pointer pointer(Buffer buffer) {
    if (buffer instanceof ByteBuffer b) {
      return new BytePointer(b.slice());
    }
    if (buffer instanceof FloatBuffer f) {
      return new FloatPointer(f.slice());
    }
    if (buffer instanceof DoubleBuffer d) {
      return new DoublePointer(d.slice());
    }
    if (buffer instanceof LongBuffer l) {
      return new LongPointer(l.slice());
    }
    return buffer instanceof IntBuffer i
        ? new IntPointer(i.slice())
        : new ShortPointer(((ShortBuffer) buffer).slice());
  }

  /** Returns the device that holds the memory. */
  public Device device() {
    return device;
  }

  /**
   * Returns the address of the first byte, for access by the host.
   *
   * @throws IllegalStateException if the memory was released, or is on another device
   */
  public long address() {
    if (!onHost()) {
      throw new IllegalStateException(
          message(
              "storage: memory must be on cpu for the host to use it; got %s. Use to(Device.CPU)"
                  + " first.",
              device));
    }
    return deviceAddress();
  }

  /**
   * Returns the address of the first byte on the memory's own device.
   *
   * @throws IllegalStateException if the memory was released
   */
  public long deviceAddress() {
    if (refs <= 0) {
      throw new IllegalStateException("storage: must be live; it was released");
    }
    return block().address();
  }

  private boolean onHost() {
    return device == Device.CPU;
  }

  /** Returns whether the memory is pinned; see {@link Allocator#isPinned}. */
  public boolean isPinned() {
    return allocator != null && allocator.isPinned();
  }

  /** Returns the size in bytes as requested. */
  public long bytes() {
    return bytes;
  }

  /** Returns whether the memory is read-only; writing to it may crash the process. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /** Returns the block behind this storage. */
  public Block block() {
    Block plain = block;
    return plain == null ? layOut() : plain;
  }

  /** Increments the reference count. */
  public void retain() {
    if (REFS.getAndUpdate(this, n -> n > 0 ? n + 1 : n) <= 0) {
      throw new IllegalStateException("retain: storage must be live; it was released before");
    }
  }

  /** Decrements the reference count; the last release frees the memory. */
  public void release() {
    int before = REFS.getAndUpdate(this, n -> n > 0 ? n - 1 : n);
    if (before <= 0) {
      throw new IllegalStateException("release: storage must be live; it was released before");
    }
    if (before == 1 && allocator != null) {
      if (block != null) {
        assert isIntact() : "release: a kernel wrote behind the end of " + bytes + " bytes";
        allocator.release(block);
      }
      if (reordered != null) {
        reordered.real.storage().release();
      }
    }
  }

  /**
   * Fills the start of the block's unused tail, with assertions enabled, with a pattern that {@link
   * #release} checks.
   */
  private boolean poison() {
    if (!onHost()) {
      return true;
    }
    Memory.set(block.address() + bytes, Math.min(WATCHED, block.bytes() - bytes), POISON);
    return true;
  }

  private boolean isIntact() {
    if (!onHost()) {
      return true;
    }
    long end = Math.min(bytes + WATCHED, block.bytes());
    for (long i = bytes; i < end; i++) {
      if (Memory.getByte(block.address() + i) != POISON) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the storage is still referenced. */
  public boolean isLive() {
    return refs > 0;
  }

  /** Returns whether the storage has more than one holder. */
  public boolean isShared() {
    return refs > 1;
  }

  /** Returns how often the content was changed in place. */
  public int version() {
    return version;
  }

  /** Records a change in place. */
  public void bumpVersion() {
    version++;
  }

  /** An array in its internal order, and the function that copies it. */
  private record Reordered(Strided real, BiConsumer<Strided, Strided> copy) {}
}
