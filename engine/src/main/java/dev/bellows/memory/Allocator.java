package dev.bellows.memory;

/** Allocates the memory of one device in blocks. Thread-safe. */
public interface Allocator {
  /** Returns the device that holds the memory. */
  Device device();

  /**
   * Returns a block of at least {@code bytes} bytes with undefined content.
   *
   * @throws OutOfMemoryException if not enough memory is left
   */
  Block allocate(long bytes);

  /** Returns whether a GPU can copy the memory while the host continues (pinned memory). */
  default boolean isPinned() {
    return false;
  }

  /** Returns a block to the allocator for reuse. Each block must be released exactly once. */
  void release(Block block);
}
