package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the calls of convolutions to BLAS and the device, and their memory use. */
@Timeout(60)
class CudaConvTest extends OwnDevice {
  private static final Conv2dArgs SAME = new Conv2dArgs(1, 1, 1, 1, 1, 1, 1);
  private static final Conv2dArgs PLAIN = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);
  private static final int BOUND = 16 << 10;

  @Override
  CudaKernels make() {
    return EmulatedCuda.open(MEMORY_BYTES, true, BOUND);
  }

  /** Zeros, channels-last. */
  private Strided images(long... sizes) {
    Strided a = blank(DType.FLOAT32, sizes, Shapes.channelsLastStrides(sizes));
    kernels.fill(a, 0);
    return a;
  }

  private List<Gemm> newGemms(Runnable work) {
    int before = driver.gemms().size();
    work.run();
    return driver.gemms().subList(before, driver.gemms().size());
  }

  @Test
  void unfoldsNoMoreThanTheWorkspaceHolds() {
    Strided x = images(3, 8, 12, 10);
    Strided weight = images(4, 8, 3, 3);
    Strided out = images(3, 4, 12, 10);
    long row = 8 * 9;
    List<Gemm> forward =
        newGemms(() -> kernels.conv2d(x, weight, null, SAME, Activation.NONE, out));
    assertThat(forward).hasSizeGreaterThan(3);
    assertThat(forward.stream().mapToLong(Gemm::n).sum()).isEqualTo(3 * 12 * 10);
    assertThat(forward).allMatch(g -> g.n() * row * 4 <= BOUND && g.tf32());
    List<Gemm> ofWeight = newGemms(() -> kernels.conv2dGradWeight(out, x, SAME, weight, null));
    assertThat(ofWeight.stream().mapToLong(Gemm::k).sum()).isEqualTo(3 * 12 * 10);
    assertThat(ofWeight).allMatch(g -> g.k() * row * 4 <= BOUND);
    assertThat(ofWeight.stream().filter(g -> g.beta() == 0)).hasSize(1);
    List<Gemm> ofInput = newGemms(() -> kernels.conv2dGradInput(out, weight, SAME, x));
    assertThat(ofInput).hasSizeGreaterThan(3);
    assertThat(ofInput).allMatch(g -> g.n() * row * 4 <= BOUND);
  }

  @Test
  void wholeImagesGoTogetherWhereTheyFit() {
    Strided x = images(5, 4, 4, 4);
    Strided weight = images(4, 4, 3, 3);
    Strided out = images(5, 4, 4, 4);
    List<Gemm> ofInput = newGemms(() -> kernels.conv2dGradInput(out, weight, SAME, x));
    assertThat(ofInput).hasSize(1);
  }

  @Test
  void singlePixelsAreNotUnfolded() {
    Strided x = images(2, 8, 6, 6);
    Strided weight = images(4, 8, 1, 1);
    Strided out = images(2, 4, 6, 6);
    long launches = driver.launches();
    List<Gemm> gemms =
        newGemms(
            () -> {
              kernels.conv2d(x, weight, null, PLAIN, Activation.NONE, out);
              kernels.conv2dGradInput(out, weight, PLAIN, x);
              kernels.conv2dGradWeight(out, x, PLAIN, weight, null);
            });
    assertThat(gemms).hasSize(3);
    assertThat(driver.launches()).isEqualTo(launches);
  }

  @Test
  void depthwiseIsOneLaunchForAllChannels() {
    Strided x = images(2, 12, 6, 6);
    Strided weight = images(12, 1, 3, 3);
    Strided out = images(2, 12, 6, 6);
    Conv2dArgs args = new Conv2dArgs(1, 1, 1, 1, 1, 1, 12);
    long launches = driver.launches();
    List<Gemm> gemms =
        newGemms(
            () -> {
              kernels.conv2d(x, weight, null, args, Activation.RELU, out);
              kernels.conv2dGradInput(out, weight, args, x);
              kernels.conv2dGradWeight(out, x, args, weight, null);
            });
    assertThat(gemms).isEmpty();
    assertThat(driver.launches() - launches).isLessThanOrEqualTo(6);
  }

  @Test
  void givesItsMemoryBack() {
    Strided x = images(2, 3, 6, 6);
    Strided weight = images(4, 3, 3, 3);
    Strided out = images(2, 4, 6, 6);
    kernels.conv2d(x, weight, null, SAME, Activation.RELU, out);
    long used = kernels.cuda().memory().usedBytes();
    kernels.conv2d(x, weight, null, SAME, Activation.RELU, out);
    kernels.conv2dGradInput(out, weight, SAME, x);
    kernels.conv2dGradWeight(out, x, SAME, weight, null);
    assertThat(kernels.cuda().memory().usedBytes()).isEqualTo(used);
  }

  @Test
  void refusesSizesThatItCannotCount() {
    Strided one = images(1, 1, 1, 1);
    Strided x = one.with(new long[] {1 << 16, 1, 256, 256}, new long[4], 0);
    assertThatThrownBy(() -> kernels.conv2d(x, one, null, PLAIN, Activation.NONE, x))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("conv2d: places (n · h · w), channels")
        .hasMessageContaining("got x [65536, 1, 256, 256], weight [1, 1, 1, 1]");
  }
}
