package dev.bellows.backend;

import dev.bellows.memory.Device;
import java.util.List;

/** Which devices this process can use, and why not others. */
public final class Devices {
  private Devices() {}

  /** The devices that tensors can be on. */
  public static List<Device> available() {
    return List.of(Device.CPU);
  }

  /** Whether tensors can be on a device. */
  public static boolean isAvailable(Device device) {
    return available().contains(device);
  }

  /** What was found when a kind of device was looked for, in one line. */
  public static String probe(Device.Type type) {
    return type == Device.Type.CPU
        ? "cpu: " + Backends.cpuFingerprint()
        : "cuda: this build has no CUDA backend";
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
