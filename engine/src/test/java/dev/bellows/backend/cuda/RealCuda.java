package dev.bellows.backend.cuda;

import dev.bellows.backend.Kernels;

/**
 * The machine's first CUDA device, for tests tagged {@code gpu}: whoever runs those wants it, so
 * without one they fail, saying what was probed.
 */
public final class RealCuda {
  private RealCuda() {}

  /**
   * Kernels of the device.
   *
   * @throws AssertionError if there is none
   */
  public static Kernels kernels() {
    require();
    return Cuda.kernels(0);
  }

  /**
   * Checks that there is a device.
   *
   * @throws AssertionError if there is none
   */
  public static void require() {
    if (Cuda.deviceCount() == 0) {
      throw new AssertionError("gpu tests: there must be a device; probed: " + Cuda.probe());
    }
  }

  /** Kernels whose convolutions have so much memory to unfold images to. */
  public static Kernels withWorkspace(long bytes) {
    return open(false, bytes);
  }

  /** Kernels that may round factors to TF32. */
  public static Kernels withTf32() {
    return open(true, CudaConvolutions.WORKSPACE_BYTES);
  }

  private static Kernels open(boolean tf32, long workspaceBytes) {
    CudaKernels first = (CudaKernels) kernels();
    return new CudaKernels(
        first.cuda().driver(), 0, KernelCache.defaultFolder(), tf32, workspaceBytes);
  }
}
