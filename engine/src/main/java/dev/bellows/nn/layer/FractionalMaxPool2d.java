package dev.bellows.nn.layer;

import dev.bellows.nn.FractionalPoolOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Returns the maxima of windows of images at pseudo-random distances. x [n, c, h, w] or [c, h, w] →
 * the same with the size of the options. Source: PyTorch's {@code torch.nn.FractionalMaxPool2d}.
 */
public final class FractionalMaxPool2d extends Module {
  private final int[] kernel;
  private final FractionalPoolOptions options;

  /**
   * Creates a layer.
   *
   * @param kernel size of the windows
   * @throws IllegalArgumentException unless the options have either a size or a ratio
   */
  public FractionalMaxPool2d(int kernel, FractionalPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer.
   *
   * @param kernel size of the windows in each dimension
   * @throws IllegalArgumentException unless the options have either a size or a ratio
   */
  public FractionalMaxPool2d(int[] kernel, FractionalPoolOptions options) {
    options.check("FractionalMaxPool2d");
    this.kernel = kernel.clone();
    this.options = options;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.fractionalMaxPool2d(x, kernel, options);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.fractionalMaxPool2dWithIndices(in, kernel, options));
  }
}
