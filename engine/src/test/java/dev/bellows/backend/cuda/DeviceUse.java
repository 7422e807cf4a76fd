package dev.bellows.backend.cuda;

import dev.bellows.backend.Kernels;

/**
 * The memory use of a device, for tests outside this package.
 *
 * @param usedBytes of its memory in allocated blocks
 * @param cachedBytes of its memory in cached blocks
 * @param pinnedBytes of the host's memory, in use or waiting
 * @param allocations how many segments were asked from the driver so far
 * @param totalBytes of its memory
 */
public record DeviceUse(
    long usedBytes, long cachedBytes, long pinnedBytes, long allocations, long totalBytes) {
  /** Returns the current use. */
  public static DeviceUse of(Kernels kernels) {
    CudaDevice device = ((CudaKernels) kernels).cuda();
    DeviceMemory memory = device.memory();
    return new DeviceUse(
        memory.usedBytes(),
        memory.cachedBytes(),
        device.pinned().totalBytes(),
        memory.driverAllocations(),
        device.properties().totalBytes());
  }
}
