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

  static CudaKernels open(long memoryBytes, long seed) {
    return new CudaKernels(new EmulatedDriver(memoryBytes, seed), 0, CACHE);
  }

  static CudaKernels open(long memoryBytes, long seed, boolean tf32) {
    return new CudaKernels(new EmulatedDriver(memoryBytes, seed), 0, CACHE, tf32);
  }

  private static final class Shared {
    static final Kernels KERNELS =
        missing() != null ? null : open(MEMORY_BYTES, Long.getLong("test.seed", 1));
  }
}
