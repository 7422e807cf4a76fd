package dev.bellows.backend;

import dev.bellows.backend.cuda.Cuda;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which devices this process can use, and why not others. */
public final class Devices {
  private static final Map<Integer, Kernels> INSTALLED = new ConcurrentSkipListMap<>();

  private Devices() {}

  /** The devices that tensors can be on. */
  public static List<Device> available() {
    List<Device> devices = new ArrayList<>();
    devices.add(Device.CPU);
    for (int i = 0; i < Math.max(Cuda.deviceCount(), lastInstalled() + 1); i++) {
      if (isAvailable(Device.cuda(i))) {
        devices.add(Device.cuda(i));
      }
    }
    return devices;
  }

  /** Whether tensors can be on a device. */
  public static boolean isAvailable(Device device) {
    return device.equals(Device.CPU)
        || INSTALLED.containsKey(device.index())
        || device.index() < Cuda.deviceCount();
  }

  private static int lastInstalled() {
    return INSTALLED.keySet().stream().mapToInt(i -> i).max().orElse(-1);
  }

  /** What was found when a kind of device was looked for, in one line. */
  public static String probe(Device.Type type) {
    return type == Device.Type.CPU ? "cpu: " + Backends.cpuFingerprint() : Cuda.probe();
  }

  /**
   * Lets tensors be on the device of these kernels, or of others in place of these; null takes the
   * device away. For tests, which bring a device of their own.
   */
  static void install(Device device, Kernels kernels) {
    if (kernels == null) {
      INSTALLED.remove(device.index());
    } else {
      INSTALLED.put(device.index(), kernels);
    }
  }

  static Kernels kernels(Device device) {
    Kernels kernels = INSTALLED.get(device.index());
    if (kernels != null) {
      return kernels;
    }
    require("kernels", device);
    return Cuda.kernels(device.index());
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
