package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.backend.Devices;
import dev.bellows.backend.InstalledDevice;
import dev.bellows.backend.cuda.EmulatedCuda;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PinnedMemoryTest {
  private record Pair(Tensor x, String name) {}

  private static InstalledDevice emulated() {
    assumeTrue(EmulatedCuda.missing() == null, () -> "no emulation: " + EmulatedCuda.missing());
    return InstalledDevice.install(EmulatedCuda.kernels());
  }

  @Test
  void pinnedTensorsAreCopies() {
    try (InstalledDevice device = emulated()) {
      assertThat(device).isNotNull();
      Tensor x = Tensor.arange(12).view(3, 4).to(DType.FLOAT32).setRequiresGrad(true);
      assertThat(x.isPinned()).isFalse();
      Tensor pinned = x.pinMemory();
      assertThat(pinned.isPinned()).isTrue();
      assertThat(pinned.device()).isEqualTo(Device.CPU);
      assertThat(pinned.pinMemory()).isSameAs(pinned);
      assertThat(pinned.select(0, 1).isPinned()).isTrue();
      assertThat(pinned.detach().equal(x.detach())).isTrue();
      pinned.mul(2).sum().backward();
      assertThat(x.grad().eq(2).all().itemBoolean()).isTrue();
      Tensor turned = x.detach().t();
      assertThat(turned.pinMemory().strides()).containsExactly(1, 4);
      Tensor holes = x.detach().narrow(1, 1, 2);
      assertThat(holes.pinMemory().strides()).containsExactly(2, 1);
      assertThat(holes.pinMemory().equal(holes)).isTrue();
      assertThat(Tensor.zeros(0, 3).pinMemory().shape()).containsExactly(0, 3);
      Tensor there = pinned.detach().to(Device.cuda(0), true);
      assertThat(there.cpu().equal(x.detach())).isTrue();
      assertThat(x.detach().to(Device.cuda(0), true).cpu().equal(x.detach())).isTrue();
      assertThat(pinned.to(Device.CPU, true)).isSameAs(pinned);
      assertThatThrownBy(there::pinMemory)
          .hasMessage("pinMemory: only dense CPU tensors can be pinned; got one on cuda:0");
    }
  }

  @Test
  void batchesArePinned() {
    try (InstalledDevice device = emulated()) {
      assertThat(device).isNotNull();
      TensorDataset data = TensorDataset.of(Tensor.arange(10), Tensor.ones(10, 2));
      for (int workers : new int[] {0, 2}) {
        List<Double> sums = new ArrayList<>();
        for (Batch batch :
            DataLoader.of(data).batchSize(4).workers(workers).pinMemory(true).build()) {
          try (TensorScope scope = TensorScope.open()) {
            assertThat(scope).isNotNull();
            assertThat(batch.input(0).isPinned() && batch.input(1).isPinned()).isTrue();
            assertThat(batch.pinMemory()).isSameAs(batch);
            Batch there = batch.to(Device.cuda(0), true);
            sums.add(there.input(0).sum().item() + there.input(1).sum().item());
          }
        }
        assertThat(sums).containsExactly(6.0 + 8, 22.0 + 8, 17.0 + 4);
        for (Pair pair :
            DataLoader.of((Dataset<Map<String, Tensor>>) data)
                .collate(samples -> new Pair(samples.get(0).get("0"), "a"))
                .workers(workers)
                .pinMemory(true)
                .build()) {
          assertThat(pair.x.isPinned()).isTrue();
          assertThat(pair.name).isEqualTo("a");
        }
        IterableDataset<Integer> stream = () -> List.of(1, 2, 3).iterator();
        int batches = 0;
        for (Batch batch :
            DataLoader.of(stream).batchSize(2).workers(workers).pinMemory(true).build()) {
          assertThat(batch.input(0).isPinned()).isTrue();
          batches++;
        }
        assertThat(batches).isEqualTo(2);
      }
    }
  }

  @Test
  void withoutAGpuBatchesStayAsTheyAre() {
    assumeTrue(Devices.accelerator() == null, "there is a GPU");
    TensorDataset data = TensorDataset.of(Tensor.arange(3));
    for (Batch batch : DataLoader.of(data).pinMemory(true).build()) {
      assertThat(batch.input(0).isPinned()).isFalse();
    }
    assertThatThrownBy(() -> Tensor.ones(2).pinMemory())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith(
            "pinMemory: Cannot access accelerator device when none is available; probed: ");
  }
}
