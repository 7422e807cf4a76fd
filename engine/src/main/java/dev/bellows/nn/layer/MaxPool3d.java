package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.MaxPoolOptions;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each window. x [n, c, d, h, w] or [c, d, h, w] → [n, c, outD, outH, outW] or [c, outD,
 * outH, outW]; see {@link Functional#maxPool3d(Tensor, int[], MaxPoolOptions)}. Defaults: stride =
 * kernel, and those of {@link MaxPoolOptions}. Source: PyTorch's {@code torch.nn.MaxPool3d}.
 */
public final class MaxPool3d extends WindowLayer<MaxPoolOptions> {
  /** Creates a layer with cubic windows and a stride equal to the window size. */
  public MaxPool3d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with cubic windows. */
  public MaxPool3d(int kernel, MaxPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public MaxPool3d(int[] kernel, MaxPoolOptions options) {
    super(3, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static MaxPoolOptions options() {
    return new MaxPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.maxPool3d(x, kernel, options);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.maxPool3dWithIndices(in, kernel, options));
  }
}
