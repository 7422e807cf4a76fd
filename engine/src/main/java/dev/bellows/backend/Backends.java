package dev.bellows.backend;

import dev.bellows.backend.cpu.CpuKernels;
import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.memory.Device;
import dev.bellows.memory.Warnings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels of this process once: {@code -Dbellows.backend=cpu|reference}, or the fastest
 * available. The choice and its reason are logged in one line.
 */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  private Backends() {}

  /**
   * Returns the kernels for tensors on a device.
   *
   * @throws UnsupportedOperationException if this process cannot use the device, saying what was
   *     probed
   */
  public static Kernels of(Device device) {
    return device == Device.CPU || device.type() == Device.Type.CPU
        ? cpu()
        : Devices.kernels(device);
  }

  /** Returns the kernels for tensors on the CPU. */
  public static Kernels cpu() {
    return Holder.CPU;
  }

  /**
   * Returns the fingerprint of {@link #cpu()}, for example {@code cpu onednn-3.11 isa=avx512_core
   * threads=8 vector=512} or {@code reference}; see {@link Kernels#fingerprint}.
   */
  public static String cpuFingerprint() {
    return cpu().fingerprint();
  }

  private static Kernels choose() {
    String forced = System.getProperty("bellows.backend", "auto");
    switch (forced) {
      case "reference":
        LOG.info("backend: reference (forced by -Dbellows.backend)");
        return new ReferenceKernels();
      case "cpu":
        return CpuKernels.open();
      case "auto":
        try {
          return CpuKernels.open();
        } catch (RuntimeException | LinkageError e) {
          Warnings.warn(
              LOG, "backend: cpu: {}; using reference, which is much slower", e.toString());
          return new ReferenceKernels();
        }
      default:
        throw new IllegalArgumentException(
            "bellows.backend: must be auto, cpu or reference; got " + forced);
    }
  }

  private static final class Holder {
    static final Kernels CPU =
        Boolean.getBoolean("bellows.profile") ? TimedKernels.around(choose()) : choose();
  }
}
