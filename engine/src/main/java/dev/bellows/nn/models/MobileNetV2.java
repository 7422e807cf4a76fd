package dev.bellows.nn.models;

import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.ReLU6;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;

/**
 * MobileNetV2 of width 1. x [n, 3, h, w], usually of 224 rows and columns → logits [n, classes].
 * Weights of convolutions are initialised by {@link Init#kaimingNormal} by outputs, those of the
 * linear layer with standard deviation 0.01 and its bias with 0. Source: Sandler et al.,
 * MobileNetV2: inverted residuals and linear bottlenecks, 2018; the names are those of {@code
 * torchvision.models.mobilenet_v2}.
 */
public final class MobileNetV2 extends Module {
  /** Expansion, channels, blocks and stride of each stage. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  private final Sequential features = new Sequential();
  private final Sequential classifier;

  /** Creates a model of 1000 classes. */
  public MobileNetV2() {
    this(1000);
  }

  /** Creates a model. */
  public MobileNetV2(long classes) {
    int channels = 32;
    features.append(activated(3, channels, 3, 2, 1));
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[2]; i++) {
        int stride = i == 0 ? stage[3] : 1;
        features.append(new InvertedResidual(channels, stage[1], stride, stage[0]));
        channels = stage[1];
      }
    }
    features.append(activated(channels, 1280, 1, 1, 1));
    classifier = new Sequential(new Dropout(0.2), new Linear(1280, classes));
    for (Module module : modules()) {
      if (module instanceof Conv2d conv) {
        Init.kaimingNormal(conv.weight, Init.Fan.OUT, Init.Nonlinearity.LEAKY_RELU);
      } else if (module instanceof Linear linear) {
        Init.normal(linear.weight, 0, 0.01);
        Init.zeros(linear.bias);
      }
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    return classifier.call(features.call(x).mean(new int[] {2, 3}, false));
  }

  private static Conv2d conv(int in, int out, int kernel, int stride, int groups) {
    return new Conv2d(
        in,
        out,
        kernel,
        Conv2d.options().stride(stride).padding(kernel / 2).groups(groups).bias(false));
  }

  private static Sequential activated(int in, int out, int kernel, int stride, int groups) {
    return new Sequential(
        conv(in, out, kernel, stride, groups), new BatchNorm2d(out), new ReLU6(true));
  }

  /** Widens its input, filters each channel and narrows the result again. */
  private static final class InvertedResidual extends Module {
    private final Sequential conv = new Sequential();
    private final boolean adds;

    InvertedResidual(int in, int out, int stride, int expansion) {
      int wide = in * expansion;
      if (expansion != 1) {
        conv.append(activated(in, wide, 1, 1, 1));
      }
      conv.append(activated(wide, wide, 3, stride, wide));
      conv.append(MobileNetV2.conv(wide, out, 1, 1, 1));
      conv.append(new BatchNorm2d(out));
      adds = stride == 1 && in == out;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return adds ? x.add(conv.call(x)) : conv.call(x);
    }
  }
}
