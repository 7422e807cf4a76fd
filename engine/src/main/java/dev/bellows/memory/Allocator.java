package dev.bellows.memory;

/** Memory of one device, handed out in blocks. Thread-safe. */
public interface Allocator {
  /** Where the memory is. */
  Device device();

  /**
   * Gives a block of at least {@code bytes} bytes with undefined content.
   *
   * @throws OutOfMemoryException if there is no more
   */
  Block allocate(long bytes);

  /** Takes a block back for reuse. Each block must come back exactly once. */
  void release(Block block);
}
