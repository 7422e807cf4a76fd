package dev.bellows.benchmarks;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.optim.Adam;
import dev.bellows.optim.AdamW;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;

/** A case on this engine. */
final class OursCase implements StepCase {
  private final Network network;
  private final Module model;
  private final Optimizer optimizer;
  private final Tensor[] inputs = new Tensor[Cases.BATCHES];
  private final Tensor[] labels = new Tensor[Cases.BATCHES];
  private int next;
  private double loss;

  OursCase(String name) {
    Generator.manualSeed(1);
    network = Cases.network(name);
    model = OursNetworks.of(network);
    optimizer =
        switch (Cases.optimizer(name)) {
          case "sgd" -> new SGD(model.parameters(), 0.01, 0.9);
          case "adam" -> new Adam(model.parameters(), 1e-3);
          default -> new AdamW(model.parameters(), 1e-3);
        };
    float[][] images = network.readsTokens ? null : Cases.images(network);
    long[][] tokens = network.readsTokens ? Cases.tokens(network) : null;
    long[][] y = Cases.labels(network);
    for (int i = 0; i < Cases.BATCHES; i++) {
      inputs[i] =
          network.readsTokens
              ? Tensor.of(tokens[i]).reshape(network.inputShape)
              : Tensor.of(images[i], network.inputShape);
      labels[i] = Tensor.of(y[i]);
    }
  }

  Module model() {
    return model;
  }

  @Override
  public void step() {
    int i = next++ % Cases.BATCHES;
    try (TensorScope scope = TensorScope.open()) {
      optimizer.zeroGrad();
      Tensor logits = model.call(inputs[i]).reshape(labels[i].size(0), network.classes);
      Tensor value = Functional.crossEntropy(logits, labels[i]);
      value.backward();
      optimizer.step();
      loss = value.item();
    }
  }

  @Override
  public double loss() {
    return loss;
  }
}
