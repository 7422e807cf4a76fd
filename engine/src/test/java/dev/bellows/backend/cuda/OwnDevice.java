package dev.bellows.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Base of tests on a separate emulated device, whose driver records the calls. */
abstract class OwnDevice {
  static final long MEMORY_BYTES = 16 << 20;

  private final List<Storage> storages = new ArrayList<>();
  CudaKernels kernels;
  EmulatedDriver driver;

  /** The kernels that a test starts with. */
  abstract CudaKernels make();

  @BeforeEach
  void open() {
    assumeTrue(EmulatedCuda.missing() == null, EmulatedCuda.missing());
    use(make());
  }

  final void use(CudaKernels opened) {
    kernels = opened;
    driver = (EmulatedDriver) opened.cuda().driver();
  }

  @AfterEach
  void close() {
    if (driver != null) {
      kernels.synchronize();
      storages.forEach(Storage::release);
      storages.clear();
      driver.close();
    }
  }

  /** Memory of undefined content that is released when the test ends. */
  final Strided blank(DType type, long[] sizes, long[] strides) {
    Storage storage = Storage.allocate(kernels.memory(), Shapes.numel(sizes) * type.bytes());
    storages.add(storage);
    return new Strided(storage, type, sizes, strides, 0);
  }
}
