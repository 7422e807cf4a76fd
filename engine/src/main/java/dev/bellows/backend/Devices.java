package dev.bellows.backend;

import dev.bellows.backend.cuda.Cuda;
import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which devices this process can use, and why not others. */
public final class Devices {
  private static final Map<Integer, Kernels> INSTALLED = new ConcurrentSkipListMap<>();

  /** Those installed and those opened, by index: asked for by every operation. */
  private static volatile Kernels[] byIndex = {};

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
    synchronized (INSTALLED) {
      if (kernels == null) {
        INSTALLED.remove(device.index());
      } else {
        INSTALLED.put(device.index(), kernels);
      }
      Kernels[] all = new Kernels[lastInstalled() + 1];
      INSTALLED.forEach((index, each) -> all[index] = each);
      byIndex = all;
    }
  }

  static Kernels kernels(Device device) {
    Kernels[] all = byIndex;
    Kernels kernels = device.index() < all.length ? all[device.index()] : null;
    return kernels == null ? open(device) : kernels;
  }

  private static Kernels open(Device device) {
    require("kernels", device);
    synchronized (INSTALLED) {
      Kernels kernels = Cuda.kernels(device.index());
      Kernels[] all = Arrays.copyOf(byIndex, Math.max(byIndex.length, device.index() + 1));
      all[device.index()] = kernels;
      byIndex = all;
      return kernels;
    }
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
