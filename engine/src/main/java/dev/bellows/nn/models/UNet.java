package dev.bellows.nn.models;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.ConvTranspose2d;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * U-Net with padded convolutions and batch normalisation. x [n, channels, h, w] with h and w at
 * least 16 → logits [n, classes, h, w]. Source: Ronneberger et al., U-Net: convolutional networks
 * for biomedical image segmentation, 2015; the names are those of the widespread implementation
 * {@code Pytorch-UNet}.
 */
public final class UNet extends Module {
  private final DoubleConv inc;
  private final Down down1;
  private final Down down2;
  private final Down down3;
  private final Down down4;
  private final Up up1;
  private final Up up2;
  private final Up up3;
  private final Up up4;
  private final Out outc;

  /** Creates a model whose first convolutions have 64 filters. */
  public UNet(long channels, long classes) {
    this(channels, classes, 64);
  }

  /** Creates a model whose first convolutions have {@code width} filters. */
  public UNet(long channels, long classes, long width) {
    inc = new DoubleConv(channels, width);
    down1 = new Down(width, 2 * width);
    down2 = new Down(2 * width, 4 * width);
    down3 = new Down(4 * width, 8 * width);
    down4 = new Down(8 * width, 16 * width);
    up1 = new Up(16 * width, 8 * width);
    up2 = new Up(8 * width, 4 * width);
    up3 = new Up(4 * width, 2 * width);
    up4 = new Up(2 * width, width);
    outc = new Out(width, classes);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor x1 = inc.call(x);
    Tensor x2 = down1.call(x1);
    Tensor x3 = down2.call(x2);
    Tensor x4 = down3.call(x3);
    Tensor y = up1.call(down4.call(x4), x4);
    return outc.call(up4.call(up3.call(up2.call(y, x3), x2), x1));
  }

  private static final class DoubleConv extends Module {
    private final transient Sequential layers;

    DoubleConv(long in, long out) {
      layers =
          new Sequential(
              new Conv2d(in, out, 3, Conv2d.options().padding(1).bias(false)),
              new BatchNorm2d(out),
              new ReLU(true),
              new Conv2d(out, out, 3, Conv2d.options().padding(1).bias(false)),
              new BatchNorm2d(out),
              new ReLU(true));
      register("double_conv", layers);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return layers.call(x);
    }
  }

  private static final class Down extends Module {
    private final transient Sequential layers;

    Down(long in, long out) {
      layers = new Sequential(new MaxPool2d(2), new DoubleConv(in, out));
      register("maxpool_conv", layers);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return layers.call(x);
    }
  }

  private static final class Up extends Module {
    private final ConvTranspose2d up;
    private final DoubleConv conv;

    Up(long in, long out) {
      up = new ConvTranspose2d(in, out, 2, ConvTranspose2d.options().stride(2));
      conv = new DoubleConv(in, out);
    }

    /** Widens x to the size of {@code skipped}, and joins the two. */
    @Override
    protected Tensor forward(Tensor x, Tensor skipped) {
      Tensor y = up.call(x);
      int rows = Math.toIntExact(skipped.size(2) - y.size(2));
      int columns = Math.toIntExact(skipped.size(3) - y.size(3));
      y = Functional.pad(y, columns / 2, columns - columns / 2, rows / 2, rows - rows / 2);
      return conv.call(Tensor.cat(List.of(skipped, y), 1));
    }
  }

  private static final class Out extends Module {
    private final Conv2d conv;

    Out(long in, long classes) {
      conv = new Conv2d(in, classes, 1);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return conv.call(x);
    }
  }
}
