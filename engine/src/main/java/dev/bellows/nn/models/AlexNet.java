package dev.bellows.nn.models;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.AdaptiveAvgPool2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;

/**
 * AlexNet. x [n, 3, h, w] with h and w at least 63, usually 224 → logits [n, classes]. Source:
 * Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014; the names are
 * those of {@code torchvision.models.alexnet}.
 */
public final class AlexNet extends Module {
  private final Sequential features;
  private final AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(6);
  private final Sequential classifier;

  /** Creates a model of 1000 classes. */
  public AlexNet() {
    this(1000, 0.5);
  }

  /** Creates a model that drops inputs of its linear layers with the given probability. */
  public AlexNet(long classes, double dropout) {
    features =
        new Sequential(
            new Conv2d(3, 64, 11, Conv2d.options().stride(4).padding(2)),
            new ReLU(true),
            new MaxPool2d(3, 2),
            new Conv2d(64, 192, 5, Conv2d.options().padding(2)),
            new ReLU(true),
            new MaxPool2d(3, 2),
            new Conv2d(192, 384, 3, Conv2d.options().padding(1)),
            new ReLU(true),
            new Conv2d(384, 256, 3, Conv2d.options().padding(1)),
            new ReLU(true),
            new Conv2d(256, 256, 3, Conv2d.options().padding(1)),
            new ReLU(true),
            new MaxPool2d(3, 2));
    classifier =
        new Sequential(
            new Dropout(dropout),
            new Linear(256 * 6 * 6, 4096),
            new ReLU(true),
            new Dropout(dropout),
            new Linear(4096, 4096),
            new ReLU(true),
            new Linear(4096, classes));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return classifier.call(avgpool.call(features.call(x)).flatten(1));
  }
}
