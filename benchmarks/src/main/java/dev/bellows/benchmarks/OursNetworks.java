package dev.bellows.benchmarks;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.models.GPT2Config;
import dev.bellows.nn.models.GPT2LMHeadModel;
import dev.bellows.nn.models.LSTMLanguageModel;
import dev.bellows.tensor.Tensor;

/** The networks as modules of this engine. */
final class OursNetworks {
  private OursNetworks() {}

  static Module of(Network network) {
    return switch (network) {
      case MLP -> new Mlp();
      case LENET -> new LeNet();
      case RESNET18 -> new ResNet18();
      case GPT ->
          new GPT2LMHeadModel(
              new GPT2Config()
                  .vocabSize(network.classes)
                  .nPositions(64)
                  .nEmbd(128)
                  .nLayer(4)
                  .nHead(4)
                  .residPdrop(0)
                  .embdPdrop(0)
                  .attnPdrop(0));
      case LSTM ->
          new LSTMLanguageModel(
              network.classes,
              LSTMLanguageModel.options()
                  .embeddingSize(256)
                  .hiddenSize(256)
                  .numLayers(1)
                  .dropout(0));
    };
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

  private static final class ResNet18 extends Module {
    final Conv2d conv1 = conv(3, 64, 3, 1);
    final BatchNorm2d bn1 = new BatchNorm2d(64);
    final Sequential blocks = new Sequential();
    final Linear fc = new Linear(512, 10);

    ResNet18() {
      int in = 64;
      for (int width = 64; width <= 512; width *= 2) {
        blocks.append(new Block(in, width));
        blocks.append(new Block(width, width));
        in = width;
      }
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = blocks.call(bn1.call(conv1.call(x)).relu_());
      return fc.call(Functional.adaptiveAvgPool2d(h, 1).flatten(1));
    }
  }

  private static final class Block extends Module {
    final Conv2d conv1;
    final BatchNorm2d bn1;
    final Conv2d conv2;
    final BatchNorm2d bn2;
    final Sequential shortcut = new Sequential();

    Block(int in, int width) {
      int stride = width / in;
      conv1 = conv(in, width, 3, stride);
      bn1 = new BatchNorm2d(width);
      conv2 = conv(width, width, 3, 1);
      bn2 = new BatchNorm2d(width);
      if (stride > 1) {
        shortcut.append(conv(in, width, 1, stride));
        shortcut.append(new BatchNorm2d(width));
      }
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = bn1.call(conv1.call(x)).relu_();
      return bn2.call(conv2.call(h)).add_(shortcut.call(x)).relu_();
    }
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(
        in, out, kernel, Conv2d.options().stride(stride).padding(kernel / 2).bias(false));
  }
}
