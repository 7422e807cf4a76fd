package dev.bellows.nn.layer;

import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Adds up columns of patches to images: the transpose of {@link Unfold}. x [n, c·kernelH·kernelW,
 * l] or [c·kernelH·kernelW, l] → [n, c, h, w] or [c, h, w]. Defaults: stride 1, padding 0, dilation
 * 1. Source: PyTorch's {@code torch.nn.Fold}.
 */
public final class Fold extends Module {
  private final int[] outputSize;
  private final int[] kernel;
  private final ConvOptions options;

  /** Creates a layer of square patches of square images. */
  public Fold(int outputSize, int kernel, ConvOptions options) {
    this(new int[] {outputSize}, new int[] {kernel}, options);
  }

  /** Creates a layer of patches and images of any size. */
  public Fold(int[] outputSize, int[] kernel, ConvOptions options) {
    this.outputSize = outputSize.clone();
    this.kernel = kernel.clone();
    this.options = options;
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static ConvOptions options() {
    return new ConvOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.fold(x, outputSize, kernel, options);
  }
}
