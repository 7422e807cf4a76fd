package org.example;

import static dev.bellows.nn.Functional.dropout;
import static dev.bellows.nn.Functional.logSoftmax;
import static dev.bellows.nn.Functional.maxPool2d;
import static dev.bellows.nn.Functional.mseLoss;
import static dev.bellows.nn.Functional.nllLoss;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.HookHandle;
import dev.bellows.memory.Device;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.Adam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.StepLR;
import dev.bellows.serialize.StateDicts;
import dev.bellows.serialize.TorchFile;
import dev.bellows.tensor.Tensor;
import dev.bellows.trace.Trace;
import dev.bellows.trace.TracedModule;
import dev.bellows.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs from which users of PyTorch start; docs/from-pytorch.md quotes them. */
@Timeout(60)
class BeginnerProgramsTest {
  @TempDir private Path directory;

  @BeforeEach
  void seed() {
    Tensor.manualSeed(1);
  }

  /** A network for handwritten digits. */
  static final class Net extends Module {
    final Conv2d conv1 = new Conv2d(1, 4, 3);
    final Conv2d conv2 = new Conv2d(4, 8, 3);
    final Linear fc1 = new Linear(8 * 12 * 12, 16);
    final Linear fc2 = new Linear(16, 10);

    @Override
    protected Tensor forward(Tensor x) {
      x = conv1.call(x).relu();
      x = conv2.call(x).relu();
      x = maxPool2d(x, 2).flatten(1);
      x = dropout(x, 0.25, isTraining());
      x = dropout(fc1.call(x).relu(), 0.5, isTraining());
      return logSoftmax(fc2.call(x), 1);
    }
  }

  @Test
  void digitsAreTrainedAndTested() {
    Net model = new Net();
    Tensor images = Tensor.randn(24, 1, 28, 28);
    Tensor labels = Tensor.randint(10, 24);

    Adam optimizer = new Adam(model.parameters(), 1e-2);
    StepLR scheduler = new StepLR(optimizer, 5, 0.9);
    for (int epoch = 0; epoch < 30; epoch++) {
      model.train();
      for (int i = 0; i < 24; i += 12) {
        Tensor data = images.narrow(0, i, 12);
        Tensor target = labels.narrow(0, i, 12);
        optimizer.zeroGrad();
        Tensor loss = nllLoss(model.call(data), target);
        loss.backward();
        optimizer.step();
      }
      scheduler.step();
    }

    model.eval();
    long correct = 0;
    try (GradMode mode = GradMode.noGrad()) {
      Tensor output = model.call(images);
      Tensor pred = output.argmax(1, true);
      correct += pred.eq(labels.viewAs(pred)).sum().itemLong();
    }
    assertThat(correct).isGreaterThan(18);
    assertThat(model.call(images)).satisfies(y -> assertThat(y.requiresGrad()).isTrue());
  }

  /** A regression head on a convolution. */
  static final class Regression extends Module {
    final Conv2d conv = new Conv2d(3, 4, 3, Conv2d.options().padding(1));
    final BatchNorm2d bn = new BatchNorm2d(4);
    final ReLU relu = new ReLU(true);
    final Linear head = new Linear(4 * 8 * 8, 1);

    @Override
    protected Tensor forward(Tensor x) {
      x = relu.call(bn.call(conv.call(x)));
      return head.call(x.view(x.size(0), -1));
    }
  }

  @Test
  void aRegressionHeadLearns() {
    Regression model = new Regression();
    SGD optimizer = new SGD(model.parameters(), SGD.options().lr(0.01).momentum(0.9));
    Tensor x = Tensor.randn(16, 3, 8, 8);
    Tensor y = x.mean(new int[] {1, 2, 3}, false).unsqueeze(1);
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < 30; step++) {
      Tensor loss = mseLoss(model.call(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.add(loss.item());
    }
    assertThat(losses.get(29)).isLessThan(losses.get(0) / 5);
    assertThat(model.bn.numBatchesTracked().itemLong()).isEqualTo(30);
  }

  @Test
  void sequentialIsWrittenInThreeWays() {
    Sequential first = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));

    Map<String, Module> named = new LinkedHashMap<>();
    named.put("fc1", new Linear(4, 8));
    named.put("relu", new ReLU());
    named.put("fc2", new Linear(8, 2));
    Sequential second = new Sequential(named);

    Sequential third = new Sequential();
    third.addModule("fc1", new Linear(4, 8));
    third.addModule("relu", new ReLU());
    third.addModule("fc2", new Linear(8, 2));

    third.loadStateDict(second.stateDict());
    assertThat(first.stateDict().keys())
        .containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    assertThat(second.stateDict().keys()).containsAll(third.stateDict().keys()).hasSize(4);
    Tensor x = Tensor.randn(3, 4);
    assertThat(third.call(x).toFloatArray()).isEqualTo(second.call(x).toFloatArray());
  }

  /** Adds its input to what two convolutions make of it. */
  static final class ResidualBlock extends Module {
    final Sequential body;
    @MayBeNull final Conv2d shortcut;

    ResidualBlock(int in, int out, int stride) {
      body =
          new Sequential(
              new Conv2d(in, out, 3, Conv2d.options().stride(stride).padding(1).bias(false)),
              new BatchNorm2d(out),
              new ReLU(true),
              new Conv2d(out, out, 3, Conv2d.options().padding(1).bias(false)),
              new BatchNorm2d(out));
      shortcut =
          in == out && stride == 1 ? null : new Conv2d(in, out, 1, Conv2d.options().stride(stride));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor around = shortcut == null ? x : shortcut.call(x);
      return body.call(x).add_(around).relu_();
    }
  }

  @Test
  void aResidualBlockHasGradientsOnBothWays() {
    Sequential blocks = new Sequential(new ResidualBlock(3, 3, 1), new ResidualBlock(3, 6, 2));
    Tensor x = Tensor.randn(2, 3, 8, 8).setRequiresGrad(true);
    Tensor y = blocks.call(x);
    y.square().mean().backward();
    assertThat(y.shape()).containsExactly(2, 6, 4, 4);
    assertThat(blocks.parameters()).hasSize(14).allMatch(p -> p.grad() != null);
    assertThat(x.grad().abs().sum().item()).isPositive();
  }

  @Test
  void aHookKeepsFeatures() {
    Net model = new Net();
    Map<String, Tensor> features = new LinkedHashMap<>();
    HookHandle handle =
        model.conv2.registerForwardHook(
            (module, inputs, output) -> {
              features.put("conv2", output.detach());
              return null;
            });
    model.call(Tensor.randn(2, 1, 28, 28));
    handle.remove();

    assertThat(features.get("conv2").shape()).containsExactly(2, 8, 24, 24);
    features.clear();
    model.call(Tensor.randn(2, 1, 28, 28));
    assertThat(features).isEmpty();
  }

  @Test
  void groupsHaveTheirOwnLearningRates() {
    Net model = new Net();
    List<Tensor> body = new ArrayList<>(model.conv1.parameters());
    body.addAll(model.conv2.parameters());
    List<Tensor> head = new ArrayList<>(model.fc1.parameters());
    head.addAll(model.fc2.parameters());
    SGD optimizer =
        SGD.ofGroups(
            List.of(ParamGroup.of(body), ParamGroup.of(head, SGD.options().lr(1e-2))),
            SGD.options().lr(1e-3).momentum(0.9));

    assertThat(optimizer.groups()).extracting(ParamGroup::lr).containsExactly(1e-3, 1e-2);
    assertThat(optimizer.groups().get(1).get("momentum")).isEqualTo(0.9);
  }

  @Test
  void tensorsStateDictsAndCheckpointsAreSaved() throws IOException {
    Net model = new Net();
    Optimizer optimizer = new Adam(model.parameters(), 1e-3);
    nllLoss(model.call(Tensor.randn(2, 1, 28, 28)), Tensor.of(new long[] {1, 2})).backward();
    optimizer.step();

    // torch.save(tensor, path); torch.load(path)
    Path tensorFile = directory.resolve("tensor.pt");
    TorchFile.save(Tensor.arange(6).view(2, 3), tensorFile);
    Tensor tensor = (Tensor) TorchFile.load(tensorFile);

    // torch.save(model.state_dict(), path); model.load_state_dict(torch.load(path))
    Path weights = directory.resolve("weights.pt");
    StateDicts.save(model.stateDict(), weights);
    Net other = new Net();
    other.loadStateDict(StateDicts.load(weights, Device.CPU));
    other.eval();

    // torch.save({'epoch': …, 'model_state_dict': …, 'optimizer_state_dict': …}, path)
    Path file = directory.resolve("checkpoint.pt");
    Checkpoint.save(file, model, optimizer, 5);
    Net resumed = new Net();
    Optimizer its = new Adam(resumed.parameters(), 1.0);
    Checkpoint checkpoint = Checkpoint.load(file, Device.CPU).restore(resumed, its, null);

    assertThat(tensor.toString()).isEqualTo(Tensor.arange(6).view(2, 3).toString());
    Tensor x = Tensor.randn(1, 1, 28, 28);
    assertThat(other.call(x).toFloatArray()).isEqualTo(model.eval().call(x).toFloatArray());
    assertThat(checkpoint.epoch()).isEqualTo(5);
    assertThat(its.groups().get(0).lr()).isEqualTo(1e-3);
    assertThat(resumed.eval().call(x).toFloatArray()).isEqualTo(model.call(x).toFloatArray());
  }

  @Test
  void aTraceRunsWithoutTheClass() throws IOException {
    Net model = new Net();

    // torch.jit.trace(model, example).save(path); torch.jit.load(path)
    Path graph = directory.resolve("net.trace");
    Trace.of(model.eval(), Tensor.randn(1, 1, 28, 28)).save(graph);
    TracedModule loaded = Trace.load(graph);
    Tensor scores = loaded.call(Tensor.ones(5, 1, 28, 28));

    assertThat(scores.toFloatArray())
        .isEqualTo(model.call(Tensor.ones(5, 1, 28, 28)).toFloatArray());
  }

  @Test
  void copiesAreDeepOrShared() {
    Linear layer = new Linear(2, 2);
    Linear deep = layer.deepCopy();
    Sequential shared = new Sequential(layer, layer);
    StateDict live = layer.stateDict();
    StateDict kept = layer.stateDict().copy();

    try (GradMode mode = GradMode.noGrad()) {
      layer.weight.fill_(7);
    }
    assertThat(deep.weight.toFloatArray()).doesNotContain(7f);
    assertThat(shared.parameters()).hasSize(2);
    assertThat(shared.stateDict().get("1.weight").toFloatArray()).containsOnly(7f);
    assertThat(live.get("weight").toFloatArray()).containsOnly(7f);
    assertThat(kept.get("weight").toFloatArray()).isEqualTo(deep.weight.toFloatArray());
  }
}
