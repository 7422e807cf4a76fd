package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Devices;
import dev.bellows.memory.Device;
import dev.bellows.spark.BellowsException;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskDeviceTest {
  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }

  @Test
  void theCpuWithoutAGpu() {
    assertThat(TaskDevice.of(Map.of())).isEqualTo(Device.CPU);
    assertThat(TaskDevice.of(gpus())).isEqualTo(Device.CPU);
    assertThat(TaskDevice.of(Map.of("fpga", new ResourceInformation("fpga", new String[] {"0"}))))
        .isEqualTo(Device.CPU);
  }

  @Test
  void saysWhatIsWrongWithAnAddress() {
    assertThatThrownBy(() -> TaskDevice.of(gpus("GPU-5f3c")))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "device: the address of a gpu must be its number, as 0 or 1; the discovery script gave"
                + " [GPU-5f3c]. Use bin/bellows-gpus as"
                + " spark.executor.resource.gpu.discoveryScript.");
  }

  @Test
  void saysWhyADeviceCannotBeUsed() {
    assertThatThrownBy(() -> TaskDevice.of(gpus("4711")))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "device: Spark gave this task gpu 4711, which this executor must be able to use;"
                + " available are "
                + Devices.available()
                + " (probed: "
                + Devices.probe(Device.Type.CUDA)
                + ")");
  }
}
