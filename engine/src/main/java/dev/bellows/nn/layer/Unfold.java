package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Copies each patch of images into a column. x [n, c, h, w] or [c, h, w] → [n, c·kernelH·kernelW,
 * l] or [c·kernelH·kernelW, l]. Defaults: stride 1, padding 0, dilation 1. Source: PyTorch's {@code
 * torch.nn.Unfold}.
 */
public final class Unfold extends Module {
  private final int[] kernel;
  private final ConvOptions options;

  /** Creates a layer of square patches. */
  public Unfold(int kernel, ConvOptions options) {
    this(new int[] {kernel}, options);
  }

  /** Creates a layer of patches of any size. */
  public Unfold(int[] kernel, ConvOptions options) {
    this.kernel = kernel.clone();
    this.options = options;
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static ConvOptions options() {
    return new ConvOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.unfold(x, kernel, options);
  }
}
