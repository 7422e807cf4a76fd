package dev.bellows.memory;

import java.nio.ByteBuffer;

/**
 * A piece of native memory: where it starts, how long it is, and the buffer through which the
 * Vector API reaches it on JDK 17 to 20. Blocks are handed out and taken back by {@link
 * MemoryPool}.
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

  /** Memory of the host that a device's library handed out. */
  public static Block ofHost(long address, long bytes, Object owner) {
    return new Block(address, address, bytes, Natives.view(address, bytes), owner);
  }

  /** Memory of a device that the host cannot read; {@code owner} is its allocator's own note. */
  public static Block ofDevice(long address, long bytes, Object owner) {
    return new Block(address, address, bytes, null, owner);
  }

  /** What the allocator noted with the block. */
  public Object owner() {
    return owner;
  }

  /** First byte; a multiple of 64 for pooled blocks. */
  public long address() {
    return address;
  }

  /** Capacity in bytes, at least what was asked for. */
  public long bytes() {
    return bytes;
  }

  /**
   * The block as one direct buffer in native byte order from {@link #address()} on, or null where
   * the block is larger than a buffer can be. Shared: use absolute reads and writes, or duplicate
   * it.
   */
  public ByteBuffer buffer() {
    return buffer;
  }
}
