package dev.bellows.benchmarks;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;

/** A case on this engine. */
final class OursCase implements StepCase {
  private final Module model;
  private final Optimizer optimizer;
  private final Tensor[] images = new Tensor[Cases.BATCHES];
  private final Tensor[] labels = new Tensor[Cases.BATCHES];
  private int next;
  private double loss;

  OursCase(String name) {
    Generator.manualSeed(1);
    model = Cases.isLenet(name) ? new LeNet() : new Mlp();
    optimizer =
        Cases.isAdam(name)
            ? new Adam(model.parameters(), 1e-3)
            : new SGD(model.parameters(), 0.01, 0.9);
    float[][] x = Cases.images(name);
    long[][] y = Cases.labels(name);
    int n = Cases.batch(name);
    for (int i = 0; i < Cases.BATCHES; i++) {
      images[i] = Cases.isLenet(name) ? Tensor.of(x[i], n, 1, 28, 28) : Tensor.of(x[i], n, 784);
      labels[i] = Tensor.of(y[i]);
    }
  }

  @Override
  public void step() {
    int i = next++ % Cases.BATCHES;
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      Tensor value = Functional.crossEntropy(model.call(images[i]), labels[i]);
      value.backward();
      optimizer.step();
      loss = value.item();
    }
  }

  @Override
  public double loss() {
    return loss;
  }

  private static final class Mlp extends Module {
    final Linear fc1 = new Linear(784, 512);
    final Linear fc2 = new Linear(512, 256);
    final Linear fc3 = new Linear(256, 10);

    @Override
    protected Tensor forward(Tensor x) {
      return fc3.call(fc2.call(fc1.call(x).relu()).relu());
    }
  }

  private static final class LeNet extends Module {
    final Conv2d conv1 = new Conv2d(1, 32, 3);
    final Conv2d conv2 = new Conv2d(32, 64, 3);
    final Dropout dropout1 = new Dropout(0.25);
    final Linear fc1 = new Linear(9216, 128);
    final Dropout dropout2 = new Dropout(0.5);
    final Linear fc2 = new Linear(128, 10);

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = conv2.call(conv1.call(x).relu()).relu();
      h = dropout1.call(Functional.maxPool2d(h, 2)).flatten(1);
      return fc2.call(dropout2.call(fc1.call(h).relu()));
    }
  }
}
