package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.GradCheck;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.MemoryPool;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tensors on devices: how they get there and back, what they go together with, and when. */
@Timeout(60)
class DeviceTest {
  private static final Device CUDA = Device.cuda(0);
  private static final Device OTHER = Device.cuda(1);
  private static FakeDevice device;
  private static FakeDevice other;

  @BeforeAll
  static void install() {
    device = FakeDevice.install(0);
    other = FakeDevice.install(1);
  }

  @AfterAll
  static void close() {
    device.close();
    other.close();
  }

  private static Tensor ramp(long... shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    return Tensor.arange(n).toFloat().reshape(shape);
  }

  // ---- there and back

  @Test
  void whatIsThereIsNotCopied() {
    Tensor x = ramp(3);
    assertThat(x.to(Device.CPU)).isSameAs(x);
    assertThat(x.cpu()).isSameAs(x);
    Tensor there = x.cuda();
    assertThat(there.device()).isEqualTo(CUDA);
    assertThat(there.to(Device.cuda(0))).isSameAs(there);
    assertThat(there.to(CUDA, DType.FLOAT32)).isSameAs(there);
    assertThat(x.to(there).device()).isEqualTo(CUDA);
  }

  @Test
  void valuesComeBackAsTheyWent() {
    for (DType dtype : DType.values()) {
      Tensor x = Tensor.of(new long[] {0, 1, 1, 0, 1, 1}, 2, 3).to(dtype);
      Tensor back = x.to(CUDA).to(OTHER).to(Device.CPU);
      assertThat(back.dtype()).isEqualTo(dtype);
      assertThat(back.toLongArray()).containsExactly(0, 1, 1, 0, 1, 1);
    }
    assertThat(Tensor.zeros(0, 3).cuda().cpu().shape()).containsExactly(0, 3);
    assertThat(Tensor.scalar(2.5).cuda().item()).isEqualTo(2.5);
  }

  @Test
  void denseLayoutsAreKeptAndOthersMadeRowMajor() {
    Tensor image = ramp(2, 3, 4, 5);
    Tensor last = image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    assertThat(last.cuda().strides()).isEqualTo(last.strides());
    assertThat(last.cuda().cpu().strides()).isEqualTo(last.strides());
    assertThat(last.cuda().toFloatArray()).isEqualTo(image.toFloatArray());
    Tensor holes = image.slice(3, 0, 5, 2);
    assertThat(holes.cuda().isContiguous()).isTrue();
    assertThat(holes.cuda().toFloatArray()).isEqualTo(holes.toFloatArray());
    assertThat(image.cuda().slice(3, 0, 5, 2).cpu().toFloatArray()).isEqualTo(holes.toFloatArray());
    assertThat(ramp(3).cuda().expand(2, 3).cpu().toFloatArray()).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void typeAndDeviceAtOnce() {
    Tensor there = ramp(3).to(CUDA, DType.INT32);
    assertThat(there.dtype()).isEqualTo(DType.INT32);
    assertThat(there.toIntArray()).containsExactly(0, 1, 2);
  }

  @Test
  void gradientsComeBackToTheSource() {
    Tensor x = ramp(2, 3).setRequiresGrad(true);
    Tensor there = x.to(CUDA).mul(3).to(OTHER);
    there.sum().backward();
    assertThat(x.grad().device()).isEqualTo(Device.CPU);
    assertThat(x.grad().toFloatArray()).containsOnly(3);
    Tensor leaf = ramp(2).cuda().setRequiresGrad(true);
    leaf.cpu().square().sum().backward();
    assertThat(leaf.grad().device()).isEqualTo(CUDA);
    assertThat(leaf.grad().toFloatArray()).containsExactly(0, 2);
  }

  @Test
  void transfersPassTheGradientCheckTwice() {
    Tensor x = Tensor.of(new double[] {0.5, -1, 2}).setRequiresGrad(true);
    Tensor y = Tensor.of(new double[] {1, 3, -2}).cuda().setRequiresGrad(true);
    GradCheck.gradCheck("to", in -> in[0].cuda().mul(in[1]).exp().cpu(), x, y);
    GradCheck.gradGradCheck("to", in -> in[0].cuda().mul(in[1]).exp().cpu(), x, y);
  }

  @Test
  void copyCrossesDevices() {
    Tensor target = Tensor.on(CUDA).zeros(2, 3);
    Tensor source = ramp(3).to(DType.FLOAT64).setRequiresGrad(true);
    target.copy_(source);
    target.sum().backward();
    assertThat(target.toFloatArray()).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(source.grad().device()).isEqualTo(Device.CPU);
    assertThat(source.grad().toDoubleArray()).containsOnly(2);
    Tensor back = Tensor.zeros(3, 2).t();
    back.copy_(target.detach());
    assertThat(back.toFloatArray()).containsExactly(0, 1, 2, 0, 1, 2);
    Tensor part = Tensor.on(OTHER).zeros(4);
    part.narrow(0, 1, 2).copy_(Tensor.on(CUDA).ones(2));
    assertThat(part.toFloatArray()).containsExactly(0, 1, 1, 0);
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> ramp(2).to(Device.cuda(7)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("to: device must be one of [cpu, cuda:0, cuda:1]; got cuda:7");
    assertThatThrownBy(() -> Tensor.on(Device.cuda(7)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("on: device must be one of");
  }

  // ---- making

  @Test
  void factoriesMakeThemThere() {
    TensorsOn on = Tensor.on(CUDA);
    for (Tensor t :
        List.of(
            on.zeros(2),
            on.ones(DType.INT32, 2),
            on.full(7, DType.FLOAT64, 2),
            on.empty(2),
            on.scalar(3),
            on.eye(2),
            on.arange(4),
            on.linspace(0, 1, 5, DType.FLOAT32),
            on.of(new float[][] {{1, 2}, {3, 4}}),
            on.rand(2),
            on.randn(2),
            on.randint(9, 2),
            on.randperm(4))) {
      assertThat(t.device()).isEqualTo(CUDA);
    }
    assertThat(on.eye(2).toFloatArray()).containsExactly(1, 0, 0, 1);
    assertThat(on.arange(4).toLongArray()).containsExactly(0, 1, 2, 3);
    Tensor x = on.full(7, DType.FLOAT64, 2);
    for (Tensor t :
        List.of(
            Tensor.zerosLike(x),
            Tensor.onesLike(x),
            Tensor.fullLike(x, 2),
            Tensor.randLike(x),
            x.newZeros(3),
            x.newOnes(3),
            x.newFull(2, DType.FLOAT64, 3),
            x.newEmpty(3),
            x.newTensor(List.of(1, 2)),
            x.clone())) {
      assertThat(t.device()).isEqualTo(CUDA);
      assertThat(t.dtype()).isEqualTo(DType.FLOAT64);
    }
  }

  @Test
  void randomNumbersAreTheSameOnEveryDevice() {
    Tensor.manualSeed(5);
    Tensor a = Tensor.randn(5, 7);
    Tensor b = Tensor.rand(3);
    Tensor order = Tensor.randperm(6);
    Tensor picked = Tensor.multinomial(b, 2, false);
    Tensor coin = Tensor.bernoulli(b);
    Tensor.manualSeed(5);
    assertThat(Tensor.on(CUDA).randn(5, 7).toFloatArray()).isEqualTo(a.toFloatArray());
    assertThat(Tensor.on(CUDA).rand(3).toFloatArray()).isEqualTo(b.toFloatArray());
    assertThat(Tensor.on(CUDA).randperm(6).toLongArray()).isEqualTo(order.toLongArray());
    Tensor there = Tensor.multinomial(b.cuda(), 2, false);
    assertThat(there.device()).isEqualTo(CUDA);
    assertThat(there.toLongArray()).isEqualTo(picked.toLongArray());
    assertThat(Tensor.bernoulli(b.cuda()).toFloatArray()).isEqualTo(coin.toFloatArray());
    Generator.manualSeed(9);
    float[] here = Tensor.zeros(100).exponential_(2).toFloatArray();
    Generator.manualSeed(9);
    assertThat(Tensor.on(CUDA).zeros(100).exponential_(2).toFloatArray()).isEqualTo(here);
    Generator.manualSeed(9);
    float[] geometric = Tensor.zeros(100).geometric_(0.3).toFloatArray();
    Generator.manualSeed(9);
    assertThat(Tensor.on(CUDA).zeros(100).geometric_(0.3).toFloatArray()).isEqualTo(geometric);
  }

  // ---- together

  @Test
  void devicesMustNotBeMixed() {
    Tensor here = ramp(3);
    Tensor there = ramp(3).cuda();
    assertThatThrownBy(() -> there.add(here))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "add: Expected all tensors to be on the same device, but found at least two devices,"
                + " cuda:0 and cpu!");
    assertThatThrownBy(() -> here.add_(there)).hasMessageContaining("cpu and cuda:0!");
    assertThatThrownBy(() -> ramp(2, 2).matmul(ramp(2, 2).cuda()))
        .hasMessageStartingWith("matmul: Expected all tensors to be on the same device");
    assertThatThrownBy(() -> there.add(there.to(OTHER))).hasMessageContaining("cuda:0 and cuda:1!");
    assertThatThrownBy(() -> Tensor.cat(List.of(here, there), 0))
        .hasMessageStartingWith("cat: Expected all tensors to be on the same device");
    Tensor places = Tensor.of(new long[] {0, 1});
    assertThatThrownBy(() -> there.gather(0, places))
        .hasMessageStartingWith("gather: Expected all tensors to be on the same device");
    assertThatThrownBy(() -> there.indexSelect(0, places)).hasMessageContaining("same device");
    assertThatThrownBy(() -> there.take(places)).hasMessageContaining("same device");
    assertThatThrownBy(() -> there.maskedSelect(here.gt(1))).hasMessageContaining("same device");
    assertThatThrownBy(() -> Tensor.addOut(Tensor.zeros(3), there, there))
        .hasMessageContaining("same device");
    assertThatThrownBy(() -> there.scatter(0, places.cuda(), here))
        .hasMessageContaining("same device");
  }

  @Test
  void numbersOnTheCpuGoWithTensorsElsewhere() {
    Tensor number = Tensor.scalar(3.0).setRequiresGrad(true);
    Tensor there = ramp(3).cuda().setRequiresGrad(true);
    for (Tensor out : List.of(there.mul(number), number.mul(there))) {
      assertThat(out.device()).isEqualTo(CUDA);
      assertThat(out.toFloatArray()).containsExactly(0, 3, 6);
    }
    there.mul(number).sum().backward();
    assertThat(number.grad().device()).isEqualTo(Device.CPU);
    assertThat(number.grad().item()).isEqualTo(3);
    Tensor target = ramp(3).cuda();
    target.add_(number.detach());
    assertThat(target.toFloatArray()).containsExactly(3, 4, 5);
    assertThatThrownBy(() -> Tensor.scalar(1.0).add_(Tensor.scalar(1.0).cuda()))
        .hasMessageContaining("same device");
    assertThatThrownBy(() -> ramp(3).add(Tensor.scalar(1.0).cuda()))
        .hasMessageContaining("cpu and cuda:0!");
    assertThat(Tensor.where(target.gt(4), number.detach(), target).toFloatArray())
        .containsExactly(3, 4, 3);
  }

  @Test
  void indicesMayBeOnTheCpu() {
    Tensor x = ramp(3, 2).cuda();
    Tensor places = Tensor.of(new long[] {2, 0});
    assertThat(x.index(List.of(places)).toFloatArray()).containsExactly(4, 5, 0, 1);
    assertThat(x.index(List.of(places.cuda())).toFloatArray()).containsExactly(4, 5, 0, 1);
    x.set(9, Index.of(places), Index.at(1));
    assertThat(x.toFloatArray()).containsExactly(0, 9, 2, 3, 4, 9);
    x.indexPut_(List.of(places), Tensor.scalar(1f), true);
    assertThat(x.toFloatArray()).containsExactly(1, 10, 2, 3, 5, 10);
    assertThatThrownBy(() -> ramp(3).index(List.of(places.cuda())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "index: indices should be either on cpu or on the same device as the indexed tensor"
                + " (cpu); got one on cuda:0");
    assertThatThrownBy(() -> x.indexPut_(List.of(places), ramp(2), false))
        .hasMessageContaining("same device");
  }

  @Test
  void gradientsMustBeWhereTheirTensorsAre() {
    Tensor x = ramp(2).cuda().setRequiresGrad(true);
    assertThatThrownBy(() -> x.setGrad(ramp(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("located on device cpu to a tensor located on device cuda:0");
    assertThatThrownBy(() -> x.mul(2).backward(ramp(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradOutputs[0] is on cpu and output[0] is on cuda:0");
  }

  // ---- the host

  @Test
  void theHostCannotReadItByAccident() {
    Tensor there = ramp(2).cuda();
    assertThatThrownBy(there::byteBuffer)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("memory must be on cpu for the host to use it; got cuda:0");
    assertThatThrownBy(() -> there.strided().address()).isInstanceOf(IllegalStateException.class);
    assertThat(there.dataPtr()).isEqualTo(there.strided().deviceAddress());
  }

  @Test
  void printingTellsTheDevice() {
    assertThat(ramp(3).cuda()).hasToString("tensor([0., 1., 2.], device=cuda:0)");
    assertThat(Tensor.of(new double[] {1}).cuda().setRequiresGrad(true))
        .hasToString("tensor([1.], device=cuda:0, dtype=FLOAT64, requiresGrad=true)");
    assertThat(Tensor.on(CUDA).zeros(0)).hasToString("tensor([], device=cuda:0)");
    assertThat(ramp(40, 50).cuda().toString())
        .isEqualTo(ramp(40, 50).toString().replace("])", "], device=cuda:0)"));
  }

  @Test
  void arraysAndListsComeFromAnyDevice() {
    Tensor there = ramp(2, 2).cuda();
    assertThat((float[][]) there.toArray()).isEqualTo(new float[][] {{0, 1}, {2, 3}});
    assertThat(there.toList()).isEqualTo(List.of(List.of(0.0, 1.0), List.of(2.0, 3.0)));
    assertThat(Tensor.of(there).device()).isEqualTo(CUDA);
  }

  // ---- later

  @Test
  void whatAKernelFindsWrongIsThrownWhenSomebodyWaits() {
    Tensor x = ramp(3).cuda();
    Tensor picked = x.gather(0, Tensor.of(new long[] {5}).cuda());
    assertThatThrownBy(picked::item).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(x.toFloatArray()).containsExactly(0, 1, 2);
  }

  @Test
  void memoryIsUsedAgainInTheOrderOfWork() {
    Tensor sum = Tensor.on(CUDA).zeros(100);
    long used = device.usedBytes();
    for (int i = 1; i <= 300; i++) {
      try (Tensor part = Tensor.on(CUDA).full(i, DType.FLOAT32, 100);
          Tensor twice = part.add(part)) {
        sum.add_(twice);
      }
    }
    assertThat(device.usedBytes()).isEqualTo(used);
    assertThat(sum.toFloatArray()).containsOnly(300 * 301);
  }

  @Test
  void theHostMayChangeWhatItHasUploaded() {
    Tensor here = ramp(1000);
    Tensor there = here.cuda();
    here.zero_();
    assertThat(there.sum().item()).isEqualTo(999 * 500);
  }

  @Test
  void unreachableTensorsAreFoundUnderPressure() {
    device.clear();
    device.limit(device.usedBytes() + (1 << 20));
    try {
      for (int i = 0; i < 100; i++) {
        Tensor.on(CUDA).zeros(1 << 15).add_(1);
      }
    } finally {
      device.limit(Long.MAX_VALUE);
    }
    assertThat(MemoryPool.cpu().reclamation().poll() || device.usedBytes() > 0).isTrue();
  }

  @Test
  void gradientsOfGradientsStayThere() {
    Tensor x = ramp(3).cuda().setRequiresGrad(true);
    Tensor y = x.mul(x).mul(x).sum();
    Tensor g = Autograd.grad(List.of(y), List.of(x), null, true, true, false)[0];
    Tensor gg = Autograd.grad(g.sum(), x)[0];
    assertThat(gg.device()).isEqualTo(CUDA);
    assertThat(gg.toFloatArray()).containsExactly(0, 6, 12);
  }

  @Test
  void viewsChangedInPlaceKeepTheirHistory() {
    Tensor x = ramp(2, 3).cuda().setRequiresGrad(true);
    Tensor y = x.mul(1);
    y.select(0, 1).mul_(Tensor.scalar(5f));
    y.t().narrow(0, 0, 1).zero_();
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(0, 1, 1, 0, 5, 5);
    try (GradMode mode = GradMode.noGrad()) {
      x.fill_(2);
    }
    assertThat(x.detach().toFloatArray()).containsOnly(2);
  }
}
