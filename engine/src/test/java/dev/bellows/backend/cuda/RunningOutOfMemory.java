package dev.bellows.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.OutOfMemoryException;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tensors until a device's memory is full, and what comes then. */
abstract class RunningOutOfMemory {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "allocate: cuda:0 must have enough memory; asked (\\d+) bytes, in use (\\d+), cached"
              + " (\\d+), largest free block (\\d+), free outside this process's cache (\\d+) of"
              + " (\\d+)\\. Use a smaller batch, .*");

  /** The kernels that the device has. */
  abstract Kernels kernels();

  /** Bytes of each tensor that fills the memory. */
  abstract long bytes();

  private Tensor large(long bytes) {
    return Tensor.on(Device.cuda(0)).zeros(DType.UINT8, bytes);
  }

  /** Fills the memory; returns how it ended. */
  private String fill(List<Tensor> held) {
    try {
      for (int i = 0; i < 100_000; i++) {
        held.add(large(bytes()));
      }
      throw new AssertionError("memory never ended");
    } catch (OutOfMemoryException e) {
      return e.getMessage();
    }
  }

  private void works() {
    try (Tensor a = Tensor.ones(64, 64).to(Device.cuda(0));
        Tensor product = a.matmul(a);
        Tensor sum = product.sum()) {
      assertThat(sum.item()).isEqualTo(64.0 * 64 * 64);
    }
  }

  @Test
  void saysWhatThereIsAndGoesOnWhenSomeIsFreed() {
    works();
    DeviceUse before = DeviceUse.of(kernels());
    List<Tensor> held = new ArrayList<>();
    try {
      String message = fill(held);
      Matcher numbers = MESSAGE.matcher(message);
      assertThat(numbers.matches()).as(message).isTrue();
      DeviceUse full = DeviceUse.of(kernels());
      assertThat(numbers.group(1)).as("asked").isEqualTo("" + bytes());
      assertThat(numbers.group(2)).as("in use").isEqualTo("" + full.usedBytes());
      assertThat(numbers.group(3)).as("cached").isEqualTo("" + full.cachedBytes());
      assertThat(Long.parseLong(numbers.group(4))).as("largest free").isLessThan(bytes());
      assertThat(Long.parseLong(numbers.group(5))).as("free outside").isLessThan(2 * bytes());
      assertThat(numbers.group(6)).as("total").isEqualTo("" + full.totalBytes());
      assertThat(full.usedBytes()).isGreaterThanOrEqualTo(held.size() * bytes());
      works(); // in what the cache has
      held.remove(held.size() - 1).close();
      held.add(large(bytes()));
      works();
    } finally {
      held.forEach(Tensor::close);
    }
    assertThat(DeviceUse.of(kernels()).usedBytes()).isEqualTo(before.usedBytes());
  }

  /** All is cached in pieces of which none is large enough. */
  @Test
  void whatIsOnlyCachedMakesRoom() {
    List<Tensor> held = new ArrayList<>();
    fill(held);
    long half = held.size() * bytes() / 2;
    held.forEach(Tensor::close);
    assertThat(DeviceUse.of(kernels()).cachedBytes()).isGreaterThanOrEqualTo(2 * half);
    large(half).close();
    works();
  }
}
