package dev.bellows.benchmarks.job;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;

/**
 * ResNet-18 for images of 32 by 32 (11.2 million parameters), without its normalisation layers: the
 * same number of gradients and nearly the same work. Source: He et al., Deep Residual Learning for
 * Image Recognition, 2016.
 */
final class ResNet18 extends Module {
  static final int PIXELS = 3 * 32 * 32;

  private static final int STAGES = 4;

  final Conv2d stem;
  final ModuleList blocks = new ModuleList();
  final Linear fc;

  ResNet18() {
    this(64);
  }

  /**
   * Creates a network with {@code width} channels in the first blocks, and twice as many in each
   * later stage.
   */
  ResNet18(int width) {
    stem = new Conv2d(3, width, 3, Conv2d.options().padding(1).bias(false));
    int channels = width;
    for (int stage = 0; stage < STAGES; stage++) {
      int wider = width << stage;
      blocks.append(new Block(channels, wider, stage == 0 ? 1 : 2));
      blocks.append(new Block(wider, wider, 1));
      channels = wider;
    }
    fc = new Linear(channels, 10);
  }

  @Override
  protected Tensor forward(Tensor pixels) {
    Tensor x = stem.call(pixels.to(DType.FLOAT32).mul(1 / 255.0)).relu();
    for (Module block : blocks) {
      x = block.call(x);
    }
    return fc.call(x.flatten(2).mean(2, false));
  }

  /** Two convolutions in parallel with the identity, or with a convolution of one pixel. */
  static final class Block extends Module {
    final Conv2d conv1;
    final Conv2d conv2;
    final ModuleList shortcut = new ModuleList();

    Block(int in, int out, int stride) {
      conv1 = new Conv2d(in, out, 3, Conv2d.options().padding(1).stride(stride).bias(false));
      conv2 = new Conv2d(out, out, 3, Conv2d.options().padding(1).bias(false));
      if (stride != 1 || in != out) {
        shortcut.append(new Conv2d(in, out, 1, Conv2d.options().stride(stride).bias(false)));
      }
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor beside = x;
      for (Module conv : shortcut) {
        beside = conv.call(x);
      }
      return conv2.call(conv1.call(x).relu()).mul(0.1).add(beside).relu();
    }
  }
}
