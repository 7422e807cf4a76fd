package dev.bellows.nn.models;

import dev.bellows.nn.Init;
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
 * VGG without batch normalisation. x [n, 3, h, w] with h and w at least 32, usually 224 → logits
 * [n, classes]. Weights of convolutions are initialised by {@link Init#kaimingNormal} for a ReLU by
 * outputs, those of linear layers with standard deviation 0.01, biases with 0. Source: Simonyan and
 * Zisserman, Very deep convolutional networks for large-scale image recognition, 2014; the names
 * are those of {@code torchvision.models.vgg16}.
 */
public final class Vgg extends Module {
  private static final int[] CHANNELS = {64, 128, 256, 512, 512};

  private final Sequential features = new Sequential();
  private final AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(7);
  private final Sequential classifier;

  private Vgg(long classes, int... depths) {
    int in = 3;
    for (int stage = 0; stage < depths.length; stage++) {
      for (int i = 0; i < depths[stage]; i++) {
        features.append(new Conv2d(in, CHANNELS[stage], 3, Conv2d.options().padding(1)));
        features.append(new ReLU(true));
        in = CHANNELS[stage];
      }
      features.append(new MaxPool2d(2));
    }
    classifier =
        new Sequential(
            new Linear(512 * 7 * 7, 4096),
            new ReLU(true),
            new Dropout(),
            new Linear(4096, 4096),
            new ReLU(true),
            new Dropout(),
            new Linear(4096, classes));
    for (Module module : modules()) {
      if (module instanceof Conv2d conv) {
        Init.kaimingNormal(conv.weight, Init.Fan.OUT, Init.Nonlinearity.RELU);
        Init.zeros(conv.bias);
      } else if (module instanceof Linear linear) {
        Init.normal(linear.weight, 0, 0.01);
        Init.zeros(linear.bias);
      }
    }
  }

  /** Creates the model of 11 layers. */
  public static Vgg vgg11(long classes) {
    return new Vgg(classes, 1, 1, 2, 2, 2);
  }

  /** Creates the model of 13 layers. */
  public static Vgg vgg13(long classes) {
    return new Vgg(classes, 2, 2, 2, 2, 2);
  }

  /** Creates the model of 16 layers. */
  public static Vgg vgg16(long classes) {
    return new Vgg(classes, 2, 2, 3, 3, 3);
  }

  /** Creates the model of 19 layers. */
  public static Vgg vgg19(long classes) {
    return new Vgg(classes, 2, 2, 4, 4, 4);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return classifier.call(avgpool.call(features.call(x)).flatten(1));
  }
}
