package dev.bellows.backend.cuda;

import dev.bellows.memory.Block;

/**
 * Device memory between two launches; it is closed as soon as they are submitted, since they run in
 * order.
 */
final class Scratch implements AutoCloseable {
  private final DeviceMemory memory;
  private final Block block;

  /** Allocates {@code bytes} bytes; nothing for 0. */
  Scratch(CudaDevice device, long bytes) {
    this.memory = device.memory();
    this.block = bytes == 0 ? null : memory.allocate(bytes);
  }

  long address() {
    return block == null ? 0 : block.address();
  }

  @Override
  public void close() {
    if (block != null) {
      memory.release(block);
    }
  }
}
