package dev.bellows.backend;

import dev.bellows.backend.cuda.Cuda;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which devices this process can use, and why not others. */
public final class Devices {
  /** The kernels of CUDA devices that were installed or opened, by index, else null. */
  private static volatile Kernels[] byIndex = {};

  private Devices() {}

  /** The devices that tensors can be on. */
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

  /** Whether tensors can be on a device. */
  public static boolean isAvailable(Device device) {
    return device.equals(Device.CPU)
        || known(device) != null
        || device.index() < Cuda.deviceCount();
  }

  private static Kernels known(Device device) {
    Kernels[] all = byIndex;
    return device.index() < all.length ? all[device.index()] : null;
  }

  /** What was found when a kind of device was looked for, in one line. */
  public static String probe(Device.Type type) {
    return type == Device.Type.CPU ? "cpu: " + Backends.cpuFingerprint() : Cuda.probe();
  }

  /**
   * Lets tensors be on the device of these kernels, or of others in place of these; null takes the
   * device away. For tests, which bring a device of their own.
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
   * Checks that tensors can be on a device.
   *
   * @throws UnsupportedOperationException if not, saying what was probed
   */
  public static void require(String operation, Device device) {
    if (!isAvailable(device)) {
      throw new UnsupportedOperationException(
          operation
              + ": device must be one of "
              + available()
              + "; got "
              + device
              + " (probed: "
              + probe(device.type())
              + ")");
    }
  }
}
