package dev.bellows.spark.worker;

import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** All tests of workers with models on a device, whose bits are those of the CPU. */
class WorkerOnDeviceTest extends WorkerTest {
  private static FakeDevice fake;

  @BeforeAll
  static void install() {
    fake = FakeDevice.install(0);
    device = fake.device();
  }

  @AfterAll
  static void remove() {
    device = Device.CPU;
    fake.close();
  }
}
