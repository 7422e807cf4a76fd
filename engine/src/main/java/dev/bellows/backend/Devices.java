package dev.bellows.backend;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.cuda.Cuda;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The devices that this process can use, and why others are not available. */
public final class Devices {
  /** The installed or opened kernels of CUDA devices by index; null where there are none. */
  private static volatile Kernels[] byIndex = {};

  private Devices() {}

  /** Returns the available devices. */
  public static List<Device> available() {
    List<Device> devices = new ArrayList<>();
    devices.add(Device.CPU);
    for (int i = 0; i < Math.max(Cuda.deviceCount(), byIndex.length); i++) {
      if (isAvailable(Device.cuda(i))) {
        devices.add(Device.cuda(i));
      }
    }
    return devices;
  }

  /** Returns the first available device other than the CPU; null if there is none. */
  public static Device accelerator() {
    List<Device> devices = available();
    return devices.size() > 1 ? devices.get(1) : null;
  }

  /** Returns the result of probing for devices other than the CPU, in one line. */
  public static String probeAccelerators() {
    return Cuda.probe();
  }

  /** Returns whether a device is available. */
  public static boolean isAvailable(Device device) {
    return device.equals(Device.CPU)
        || known(device) != null
        || device.index() < Cuda.deviceCount();
  }

  private static Kernels known(Device device) {
    Kernels[] all = byIndex;
    return device.index() < all.length ? all[device.index()] : null;
  }

  /** Returns the result of probing a kind of device, in one line. */
  public static String probe(Device.Type type) {
    return type == Device.Type.CPU ? "cpu: " + Backends.cpuFingerprint() : probeAccelerators();
  }

  /**
   * Installs the kernels of a device, replacing those it had; null removes the device. For tests
   * with a simulated device.
   */
  static synchronized void install(Device device, Kernels kernels) {
    Kernels[] all = Arrays.copyOf(byIndex, Math.max(byIndex.length, device.index() + 1));
    all[device.index()] = kernels;
    byIndex = all;
  }

  static Kernels kernels(Device device) {
    Kernels kernels = known(device);
    return kernels == null ? open(device) : kernels;
  }

  private static Kernels open(Device device) {
    require("kernels", device);
    Kernels kernels = Cuda.kernels(device.index());
    install(device, kernels);
    return kernels;
  }

  /**
   * Checks that a device is available.
   *
   * @throws UnsupportedOperationException if not, saying what was probed
   */
  public static void require(String operation, Device device) {
    if (!isAvailable(device)) {
      throw new UnsupportedOperationException(
          message(
              "%s: device must be one of %s; got %s (probed: %s)",
              operation, available(), device, probe(device.type())));
    }
  }
}
