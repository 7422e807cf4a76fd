package dev.bellows.memory;

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
   * Memory of undefined content for a row-major array that lies in another order inside: kernels
   * that take any order use it as it lies ({@link Strided#physical()}); whoever asks for the plain
   * memory (an address, a block) has it laid out row-major, once and for good.
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

  /**
   * The whole array in the order in which it lies inside; null once it is, or if it always was,
   * plain memory.
   */
  Strided inside() {
    return reordered == null || block != null ? null : reordered.real;
  }

  /** The memory inside stays until the end: another thread may be reading it. */
  private synchronized Block layOut() {
    if (block == null) {
      Strided real = reordered.real;
      Storage plain = allocate(allocator, bytes);
      long[] strides = Shapes.contiguousStrides(real.sizes());
      reordered.copy.accept(real, new Strided(plain, real.dtype(), real.sizes(), strides, 0));
      block = plain.block; // taken over
    }
    return block;
  }

  /**
   * New memory of the CPU, of undefined content, with one user.
   *
   * @throws OutOfMemoryException if the pool's limit would be exceeded
   */
  public static Storage allocate(long bytes) {
    return allocate(MemoryPool.cpu(), bytes);
  }

  /**
   * New memory of a device, of undefined content, with one user.
   *
   * @throws OutOfMemoryException if the allocator has no more
   */
  public static Storage allocate(Allocator allocator, long bytes) {
    Storage storage = new Storage(allocator.allocate(bytes), bytes, allocator, false);
    assert storage.poison();
    return storage;
  }

  /**
   * Memory of a direct buffer from its position to its limit, shared with it and kept alive.
   *
   * @throws IllegalArgumentException if the buffer is on the Java heap, or in another byte order
   *     than the machine's
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
          "wrap: buffer must be in native byte order, "
              + ByteOrder.nativeOrder()
              + "; got "
              + order);
    }
    return buffer instanceof DoubleBuffer || buffer instanceof LongBuffer
        ? 8
        : buffer instanceof ShortBuffer ? 2 : 4;
  }

  /** Points to the buffer's position. Of slices, as pointers to others miss the position. */
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

  /** Where the memory is. */
  public Device device() {
    return device;
  }

  /**
   * Address of the first byte, for the host to read and write.
   *
   * @throws IllegalStateException if the memory was released, or is on another device
   */
  public long address() {
    if (!onHost()) {
      throw new IllegalStateException(
          "storage: memory must be on cpu for the host to use it; got "
              + device
              + ". Use to(Device.CPU) first.");
    }
    return deviceAddress();
  }

  /**
   * Address of the first byte as the memory's own device knows it.
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
    Block plain = block;
    return plain == null ? layOut() : plain;
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

  /** With assertions, the first bytes of what the pool gave too much are watched. */
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

  /** An array in an order of its own, and what copies it. */
  private record Reordered(Strided real, BiConsumer<Strided, Strided> copy) {}
}
