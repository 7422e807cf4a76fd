package dev.bellows.memory;

import java.nio.ByteBuffer;

/**
 * A block of native memory: its address, its capacity, and the buffer through which the Vector API
 * accesses it on JDK 17 to 20. {@link MemoryPool} allocates and releases blocks.
 */
public final class Block {
  private final long address;
  private final long bytes;
  private final ByteBuffer buffer;
  final long base;
  final Object owner;

  Block(long base, long address, long bytes, ByteBuffer buffer, Object owner) {
    this.base = base;
    this.address = address;
    this.bytes = bytes;
    this.buffer = buffer;
    this.owner = owner;
  }

  /** Returns a block of host memory that a device library allocated. */
  public static Block ofHost(long address, long bytes, Object owner) {
    return new Block(address, address, bytes, Natives.view(address, bytes), owner);
  }

  /**
   * Returns a block of device memory that the host cannot read; {@code owner} is the allocator's
   * private handle.
   */
  public static Block ofDevice(long address, long bytes, Object owner) {
    return new Block(address, address, bytes, null, owner);
  }

  /** Returns the handle that the allocator stored in the block. */
  public Object owner() {
    return owner;
  }

  /** Returns the address of the first byte; a multiple of 64 for pooled blocks. */
  public long address() {
    return address;
  }

  /** Returns the capacity in bytes, at least the requested size. */
  public long bytes() {
    return bytes;
  }

  /**
   * Returns the block as one direct buffer in native byte order that starts at {@link #address()},
   * or null if the block is larger than a buffer can be. The buffer is shared: use absolute reads
   * and writes, or duplicate it.
   */
  public ByteBuffer buffer() {
    return buffer;
  }
}
