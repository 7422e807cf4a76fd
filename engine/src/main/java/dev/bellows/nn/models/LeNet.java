package dev.bellows.nn.models;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;

/**
 * LeNet-5 with ReLU and maximum pooling. x [n, channels, 32, 32] → logits [n, classes]. Source:
 * LeCun et al., Gradient-based learning applied to document recognition, 1998; the names are those
 * of PyTorch's tutorial on neural networks.
 */
public final class LeNet extends Module {
  private final Conv2d conv1;
  private final Conv2d conv2;
  private final Linear fc1;
  private final Linear fc2;
  private final Linear fc3;

  /** Creates a model of grey images and 10 classes. */
  public LeNet() {
    this(1, 10);
  }

  /** Creates a model of images with a number of channels. */
  public LeNet(long channels, long classes) {
    conv1 = new Conv2d(channels, 6, 5);
    conv2 = new Conv2d(6, 16, 5);
    fc1 = new Linear(16 * 5 * 5, 120);
    fc2 = new Linear(120, 84);
    fc3 = new Linear(84, classes);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = Functional.maxPool2d(conv1.call(x).relu(), 2);
    y = Functional.maxPool2d(conv2.call(y).relu(), 2).flatten(1);
    return fc3.call(fc2.call(fc1.call(y).relu()).relu());
  }
}
