package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the effect of TF32; the emulated BLAS has no TF32, so only a device can show it. */
@Tag("gpu")
@Timeout(120)
class GpuTf32Test {
  private static final Device CUDA = Device.cuda(0);

  @BeforeAll
  static void find() {
    RealCuda.require();
  }

  private static float[] with(Kernels kernels, Supplier<Tensor> work) {
    try (InstalledDevice device = InstalledDevice.install(kernels);
        TensorScope scope = TensorScope.open()) {
      return work.get().toFloatArray();
    }
  }

  private static void changesALittle(Supplier<Tensor> work) {
    float[] exact = with(RealCuda.kernels(), work);
    float[] rounded = with(RealCuda.withTf32(), work);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      difference = Math.max(difference, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(difference).as("difference by TF32").isPositive().isLessThan(1e-2 * largest);
  }

  private static Tensor random(long seed, long... shape) {
    return Tensor.randn(new Generator(seed), DType.FLOAT32, shape).to(CUDA);
  }

  @Test
  void productsAreRounded() {
    changesALittle(() -> random(1, 512, 512).matmul(random(2, 512, 512)));
  }

  @Test
  void convolutionsAreRounded() {
    changesALittle(
        () -> Functional.conv2d(random(1, 8, 64, 28, 28), random(2, 64, 64, 3, 3), null));
  }

  @Test
  void doublesAreNot() {
    Supplier<Tensor> work =
        () -> random(1, 64, 64).to(DType.FLOAT64).matmul(random(2, 64, 64).to(DType.FLOAT64));
    Supplier<Tensor> asFloats = () -> work.get().to(DType.FLOAT32);
    assertThat(with(RealCuda.withTf32(), asFloats)).isEqualTo(with(RealCuda.kernels(), asFloats));
  }
}
