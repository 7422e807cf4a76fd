package dev.bellows.spark.worker;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Devices;
import dev.bellows.memory.Device;
import dev.bellows.spark.BellowsException;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;

/**
 * The device that Spark gave a task: the GPU of {@code spark.task.resource.gpu.amount}, whose
 * address is its number as the discovery script found it, or the CPU where none was asked for.
 */
final class TaskDevice {
  private static final String GPU = "gpu";

  private TaskDevice() {}

  /**
   * Finds the device.
   *
   * @throws BellowsException ({@code USER}) if it is no device that this process can use
   */
  static Device of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(GPU);
    if (gpu == null || gpu.addresses().length == 0) {
      return Device.CPU;
    }
    String address = gpu.addresses()[0];
    if (!address.matches("[0-9]{1,6}")) {
      throw BellowsException.user(
          message(
              "device: the address of a gpu must be its number, as 0 or 1; the discovery script"
                  + " gave %s. Use bin/bellows-gpus as"
                  + " spark.executor.resource.gpu.discoveryScript.",
              Arrays.toString(gpu.addresses())));
    }
    Device device = Device.cuda(Integer.parseInt(address));
    if (!Devices.isAvailable(device)) {
      throw BellowsException.user(
          message(
              "device: Spark gave this task gpu %s, which this executor must be able to use;"
                  + " available are %s (probed: %s)",
              address, Devices.available(), Devices.probe(Device.Type.CUDA)));
    }
    return device;
  }
}
