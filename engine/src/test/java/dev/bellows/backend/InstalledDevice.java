package dev.bellows.backend;

import dev.bellows.memory.Device;

/** Makes kernels those of their device until it is closed. */
public final class InstalledDevice implements AutoCloseable {
  private final Device device;

  private InstalledDevice(Device device) {
    this.device = device;
  }

  /** Installs kernels for their device. */
  public static InstalledDevice install(Kernels kernels) {
    Devices.install(kernels.device(), kernels);
    return new InstalledDevice(kernels.device());
  }

  @Override
  public void close() {
    Devices.install(device, null);
  }
}
