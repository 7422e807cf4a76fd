package dev.bellows.nn.models;

import dev.bellows.nn.Init;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.AdaptiveAvgPool2d;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;

/**
 * Residual networks. x [n, 3, h, w], usually of 224 rows and columns → logits [n, classes]. Weights
 * of convolutions are initialised by {@link Init#kaimingNormal} for a ReLU by outputs. Source: He
 * et al., Deep residual learning for image recognition, 2015; the stride of a bottleneck is that of
 * its second convolution, and the names are those of {@code torchvision.models.resnet18}.
 */
public final class ResNet extends Module {
  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final ReLU relu = new ReLU(true);
  private final MaxPool2d maxpool = new MaxPool2d(3, 2, 1);
  private final Sequential layer1;
  private final Sequential layer2;
  private final Sequential layer3;
  private final Sequential layer4;
  private final AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
  private final Linear fc;

  private ResNet(long classes, boolean bottleneck, int... depths) {
    int expansion = bottleneck ? 4 : 1;
    conv1 = new Conv2d(3, 64, 7, Conv2d.options().stride(2).padding(3).bias(false));
    bn1 = new BatchNorm2d(64);
    layer1 = stage(bottleneck, 64, 64, depths[0], 1);
    layer2 = stage(bottleneck, 64 * expansion, 128, depths[1], 2);
    layer3 = stage(bottleneck, 128 * expansion, 256, depths[2], 2);
    layer4 = stage(bottleneck, 256 * expansion, 512, depths[3], 2);
    fc = new Linear(512L * expansion, classes);
    for (Module module : modules()) {
      if (module instanceof Conv2d conv) {
        Init.kaimingNormal(conv.weight, Init.Fan.OUT, Init.Nonlinearity.RELU);
      }
    }
  }

  private static Sequential stage(boolean bottleneck, int in, int width, int depth, int stride) {
    int out = bottleneck ? 4 * width : width;
    Sequential blocks = new Sequential();
    for (int i = 0; i < depth; i++) {
      int from = i == 0 ? in : out;
      int step = i == 0 ? stride : 1;
      blocks.append(
          bottleneck ? new Bottleneck(from, width, step) : new BasicBlock(from, width, step));
    }
    return blocks;
  }

  /** Creates the model of 18 layers. */
  public static ResNet resnet18(long classes) {
    return new ResNet(classes, false, 2, 2, 2, 2);
  }

  /** Creates the model of 34 layers. */
  public static ResNet resnet34(long classes) {
    return new ResNet(classes, false, 3, 4, 6, 3);
  }

  /** Creates the model of 50 layers. */
  public static ResNet resnet50(long classes) {
    return new ResNet(classes, true, 3, 4, 6, 3);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = maxpool.call(relu.call(bn1.call(conv1.call(x))));
    y = layer4.call(layer3.call(layer2.call(layer1.call(y))));
    return fc.call(avgpool.call(y).flatten(1));
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(
        in, out, kernel, Conv2d.options().stride(stride).padding(kernel / 2).bias(false));
  }

  /** Returns what brings an input to the shape of the block's result, or null. */
  private static Sequential shortcut(int in, int out, int stride) {
    return stride == 1 && in == out
        ? null
        : new Sequential(conv(in, out, 1, stride), new BatchNorm2d(out));
  }

  private static final class BasicBlock extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final ReLU relu = new ReLU(true);
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    @MayBeNull private final Sequential downsample;

    BasicBlock(int in, int width, int stride) {
      conv1 = conv(in, width, 3, stride);
      bn1 = new BatchNorm2d(width);
      conv2 = conv(width, width, 3, 1);
      bn2 = new BatchNorm2d(width);
      downsample = shortcut(in, width, stride);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = relu.call(bn1.call(conv1.call(x)));
      y = bn2.call(conv2.call(y));
      return relu.call(y.add(downsample == null ? x : downsample.call(x)));
    }
  }

  private static final class Bottleneck extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Conv2d conv3;
    private final BatchNorm2d bn3;
    private final ReLU relu = new ReLU(true);
    @MayBeNull private final Sequential downsample;

    Bottleneck(int in, int width, int stride) {
      conv1 = conv(in, width, 1, 1);
      bn1 = new BatchNorm2d(width);
      conv2 = conv(width, width, 3, stride);
      bn2 = new BatchNorm2d(width);
      conv3 = conv(width, 4 * width, 1, 1);
      bn3 = new BatchNorm2d(4L * width);
      downsample = shortcut(in, 4 * width, stride);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = relu.call(bn1.call(conv1.call(x)));
      y = relu.call(bn2.call(conv2.call(y)));
      y = bn3.call(conv3.call(y));
      return relu.call(y.add(downsample == null ? x : downsample.call(x)));
    }
  }
}
