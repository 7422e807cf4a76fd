package dev.bellows.backend;

import dev.bellows.memory.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which devices this process can use, and why not others. */
public final class Devices {
  private static final Map<Integer, Kernels> CUDA = new ConcurrentSkipListMap<>();

  /** What {@link #CUDA} holds, by index: asked for by every operation. */
  private static volatile Kernels[] byIndex = {};

  private Devices() {}

  /** The devices that tensors can be on. */
  public static List<Device> available() {
    List<Device> devices = new ArrayList<>();
    devices.add(Device.CPU);
    CUDA.keySet().forEach(index -> devices.add(Device.cuda(index)));
    return devices;
  }

  /** Whether tensors can be on a device. */
  public static boolean isAvailable(Device device) {
    return device.equals(Device.CPU) || CUDA.containsKey(device.index());
  }

  /** What was found when a kind of device was looked for, in one line. */
  public static String probe(Device.Type type) {
    return type == Device.Type.CPU
        ? "cpu: " + Backends.cpuFingerprint()
        : "cuda: this build has no CUDA backend";
  }

  /**
   * Lets tensors be on the device of these kernels, or of others in place of these; null takes the
   * device away. For tests, which bring a device of their own.
   */
  static void install(Device device, Kernels kernels) {
    synchronized (CUDA) {
      if (kernels == null) {
        CUDA.remove(device.index());
      } else {
        CUDA.put(device.index(), kernels);
      }
      Kernels[] all = new Kernels[CUDA.keySet().stream().mapToInt(i -> i + 1).max().orElse(0)];
      CUDA.forEach((index, each) -> all[index] = each);
      byIndex = all;
    }
  }

  static Kernels kernels(Device device) {
    Kernels[] all = byIndex;
    Kernels kernels = device.index() < all.length ? all[device.index()] : null;
    if (kernels == null) {
      require("kernels", device);
    }
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
