package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.AnomalyException;
import dev.bellows.autograd.AnomalyMode;
import dev.bellows.autograd.Checkpoint;
import dev.bellows.autograd.SavedTensorHooks;
import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.optim.GradClip;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.OptimizerState;
import dev.bellows.optim.SGD;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Modules, optimizers and checkpoints on a device: the bits of the CPU. */
@Timeout(60)
class ModuleOnDeviceTest {
  private static final Device CUDA = Device.cuda(0);
  private static FakeDevice device;

  @BeforeAll
  static void install() {
    device = FakeDevice.install(0);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  /** A convolution, dropout, a linear layer and a buffer. */
  private static final class Net extends Module {
    private final Conv2d conv;
    private final Linear fc;
    private final Buffer scale = Buffer.of(Tensor.of(new float[] {0.5f}));

    Net() {
      Generator random = new Generator(4);
      Conv2d.Options options = Conv2d.options();
      options.generator(random);
      this.conv = new Conv2d(1, 4, 3, options);
      this.fc = new Linear(4 * 3 * 3, 3, true, DType.FLOAT32, random);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = Functional.maxPool2d(conv.call(x).relu(), 2).flatten(1);
      return fc.call(Functional.dropout(h, 0.25, isTraining())).mul(scale);
    }
  }

  private static Tensor images() {
    return Tensor.randn(new Generator(8), DType.FLOAT32, 5, 1, 8, 8);
  }

  private static Tensor labels() {
    return Tensor.of(new long[] {0, 2, 1, -100, 0});
  }

  private static void steps(Net net, Optimizer optimizer, int count) {
    Device where = net.fc.weight.device();
    for (int i = 0; i < count; i++) {
      try (TensorScope scope = TensorScope.open()) {
        optimizer.zeroGrad();
        Tensor logits = net.call(images().to(where));
        Functional.crossEntropy(logits, labels().to(where)).backward();
        GradClip.clipGradNorm(net.parameters(), 0.5);
        optimizer.step();
      }
    }
  }

  private static float[][] weights(Module net) {
    return net.parameters().stream().map(Tensor::toFloatArray).toArray(float[][]::new);
  }

  private static List<Function<Net, Optimizer>> optimizers() {
    return List.of(
        net -> new Adam(net.parameters(), 0.01),
        net -> new SGD(net.parameters(), SGD.options().lr(0.1).momentum(0.9)));
  }

  @Test
  void trainingGivesTheSameBits() {
    for (Function<Net, Optimizer> make : optimizers()) {
      Net here = new Net();
      Net there = new Net();
      there.to(CUDA);
      Tensor.manualSeed(3);
      steps(here, make.apply(here), 4);
      Tensor.manualSeed(3);
      steps(there, make.apply(there), 4);
      assertThat(weights(there)).isEqualTo(weights(here));
    }
  }

  @Test
  void moduleAndOptimizerGoOnAfterAMove() {
    for (Function<Net, Optimizer> make : optimizers()) {
      Net still = new Net();
      Tensor.manualSeed(3);
      steps(still, make.apply(still), 4);
      Net moved = new Net();
      Optimizer optimizer = make.apply(moved);
      Tensor.manualSeed(3);
      steps(moved, optimizer, 2);
      Net same = moved.to(CUDA);
      assertThat(same).isSameAs(moved);
      steps(moved, optimizer, 1);
      moved.to(Device.CPU);
      steps(moved, optimizer, 1);
      assertThat(weights(moved)).isEqualTo(weights(still));
    }
  }

  @Test
  void aMoveKeepsTheObjectsAndTakesGradientsAlong() {
    Net net = new Net();
    Functional.crossEntropy(net.call(images()), labels()).backward();
    Parameter weight = net.fc.weight;
    Tensor grad = weight.grad();
    float[] values = grad.toFloatArray();
    Tensor before = net.stateDict().get("fc.weight");
    net.to(CUDA);
    assertThat(net.fc.weight).isSameAs(weight);
    assertThat(net.parameters()).allMatch(p -> p.device().equals(CUDA));
    assertThat(net.buffers()).allMatch(b -> b.device().equals(CUDA));
    assertThat(weight.grad()).isSameAs(grad);
    assertThat(grad.device()).isEqualTo(CUDA);
    assertThat(grad.toFloatArray()).isEqualTo(values);
    assertThat(weight.requiresGrad() && weight.isLeaf()).isTrue();
    assertThat(before.device()).as("what shared the memory stays").isEqualTo(Device.CPU);
    assertThat(net.stateDict().asMap().values()).allMatch(t -> t.device().equals(CUDA));
    assertThatThrownBy(() -> net.call(images()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "conv (Conv2d): conv2d: Expected all tensors to be on the same device")
        .hasMessageEndingWith("cpu and cuda:0!");
  }

  @Test
  void memoryOfAMovedModuleIsGivenBack() {
    Linear layer = new Linear(64, 64, false, DType.FLOAT32, new Generator(1));
    layer.to(CUDA);
    long used = device.usedBytes();
    for (int i = 0; i < 5; i++) {
      layer.to(Device.CPU);
      assertThat(device.usedBytes()).isLessThan(used);
      layer.to(CUDA);
      assertThat(device.usedBytes()).isEqualTo(used);
    }
  }

  @Test
  void aMoveBetweenForwardAndBackwardIsNamed() {
    Net net = new Net();
    Tensor loss = Functional.crossEntropy(net.call(images()), labels());
    net.to(CUDA);
    assertThatThrownBy(loss::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "AccumulateGrad: a leaf must be on the device that it was on in forward; its gradient"
                + " is on cpu, it is on cuda:0");
  }

  @Test
  void stateIsLoadedToWhereTheModuleIs(@TempDir Path dir) throws IOException {
    Net net = new Net();
    net.to(CUDA);
    Optimizer optimizer = new Adam(net.parameters(), 0.01);
    Tensor.manualSeed(3);
    steps(net, optimizer, 2);
    Path file = dir.resolve("net.safetensors");
    SafeTensors.save(net.stateDict().asMap(), Map.of(), file);
    for (Device where : List.of(Device.CPU, CUDA)) {
      SafeTensors.File loaded = SafeTensors.load(file, where);
      assertThat(loaded.tensors().values()).allMatch(t -> t.device().equals(where));
      Net other = new Net();
      other.to(where.equals(CUDA) ? Device.CPU : CUDA);
      other.loadStateDict(StateDict.of(loaded.tensors()));
      assertThat(weights(other)).isEqualTo(weights(net));
      assertThat(other.fc.weight.device()).isNotEqualTo(where);
    }
    Net onCpu = new Net();
    onCpu.loadStateDict(net.stateDict());
    Optimizer there = new Adam(onCpu.parameters(), 0.5);
    OptimizerState state = optimizer.stateDict();
    assertThat(state.tensors().values()).allMatch(t -> t.device().equals(CUDA));
    there.loadStateDict(state);
    assertThat(there.stateDict().tensors().values()).allMatch(t -> t.device().equals(Device.CPU));
    Tensor.manualSeed(6);
    steps(net, optimizer, 2);
    Tensor.manualSeed(6);
    steps(onCpu, there, 2);
    assertThat(weights(onCpu)).isEqualTo(weights(net));
  }

  @Test
  void normsHaveTheSameBits() {
    double[] norms = new double[2];
    for (int i = 0; i < 2; i++) {
      Net net = new Net();
      net.eval();
      net.to(i == 0 ? Device.CPU : CUDA);
      Device where = net.fc.weight.device();
      Functional.crossEntropy(net.call(images().to(where)), labels().to(where)).backward();
      norms[i] = GradClip.totalNorm(net.parameters());
      GradClip.clipGradNorm(net.parameters(), norms[i] / 3);
      assertThat(net.fc.weight.grad().device()).isEqualTo(where);
    }
    assertThat(norms[1]).isEqualTo(norms[0]).isPositive();
  }

  @Test
  void labelsOutsideAreFoundWhenTheLossIsRead() {
    Tensor logits = Tensor.zeros(2, 3).to(CUDA);
    Tensor loss = Functional.crossEntropy(logits, Tensor.of(new long[] {1, 3}).to(CUDA));
    assertThatThrownBy(loss::item).isInstanceOf(IndexOutOfBoundsException.class);
    Tensor none = Functional.crossEntropy(logits, Tensor.of(new long[] {-100, -100}).to(CUDA));
    assertThat(none.item()).isNaN();
  }

  @Test
  void checkpointsDrawTheSameNumbersAgain() {
    Tensor x = images().flatten(1).to(CUDA).setRequiresGrad(true);
    Tensor.manualSeed(2);
    Checkpoint.run(t -> Functional.dropout(t.square(), 0.5, true).exp(), x).sum().backward();
    float[] recomputed = x.grad().toFloatArray();
    x.setGrad(null);
    Tensor.manualSeed(2);
    Functional.dropout(x.square(), 0.5, true).exp().sum().backward();
    assertThat(recomputed).isEqualTo(x.grad().toFloatArray());
  }

  @Test
  void savedTensorsMayWaitOnTheHost() {
    Tensor x = images().to(CUDA).setRequiresGrad(true);
    Tensor y;
    try (SavedTensorHooks hooks = SavedTensorHooks.open(Tensor::cpu, t -> ((Tensor) t).to(CUDA))) {
      y = x.mul(x).sum();
    }
    y.backward();
    assertThat(x.grad().toFloatArray()).isEqualTo(x.detach().mul(2).toFloatArray());
  }

  @Test
  void anomaliesAreFound() {
    Tensor x = Tensor.zeros(2).to(CUDA).setRequiresGrad(true);
    try (AnomalyMode anomaly = AnomalyMode.detect()) {
      Tensor y = x.sqrt().mul(0).sum();
      assertThatThrownBy(y::backward)
          .isInstanceOf(AnomalyException.class)
          .hasMessageContaining("returned nan values");
    }
  }
}
