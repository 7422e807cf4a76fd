package dev.bellows.backend.cuda;

import dev.bellows.backend.Kernels;
import java.nio.file.Path;

/** The CUDA backend on an emulated device, for tests; see {@link EmulatedDriver}. */
public final class EmulatedCuda {
  private static final long MEMORY_BYTES = 256L << 20;
  static final Path CACHE = Path.of("target", "kernels");

  private EmulatedCuda() {}

  /** Why this machine cannot emulate a device, or null. */
  public static String missing() {
    return Emulation.missing();
  }

  /** Kernels on a device that all tests share, or null where there is none. */
  public static Kernels kernels() {
    return Shared.KERNELS;
  }

  /** Kernels whose convolutions have so much memory to unfold images to. */
  public static Kernels withWorkspace(long bytes) {
    return open(32 << 20, false, bytes);
  }

  static CudaKernels open(long memoryBytes, long seed) {
    return new CudaKernels(new EmulatedDriver(memoryBytes, seed), 0, CACHE);
  }

  /**
   * Opens kernels with settings that a process normally reads once: see the constructor of the
   * kernels.
   */
  static CudaKernels open(long memoryBytes, boolean tf32, long workspaceBytes) {
    return new CudaKernels(new EmulatedDriver(memoryBytes, 1), 0, CACHE, tf32, workspaceBytes);
  }

  private static final class Shared {
    static final Kernels KERNELS =
        missing() != null ? null : open(MEMORY_BYTES, Long.getLong("test.seed", 1));
  }
}
