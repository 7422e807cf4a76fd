package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.MaxPoolOptions;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each window. x [n, c, l] or [c, l] → [n, c, outL] or [c, outL]; see {@link
 * Functional#maxPool1d(Tensor, int, MaxPoolOptions)}. Defaults: stride = kernel, and those of
 * {@link MaxPoolOptions}. Source: PyTorch's {@code torch.nn.MaxPool1d}.
 */
public final class MaxPool1d extends WindowLayer<MaxPoolOptions> {
  /** Creates a layer with windows and a stride equal to the window size. */
  public MaxPool1d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with windows. */
  public MaxPool1d(int kernel, MaxPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public MaxPool1d(int[] kernel, MaxPoolOptions options) {
    super(1, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static MaxPoolOptions options() {
    return new MaxPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.maxPool1d(x, kernel[0], options);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.maxPool1dWithIndices(in, kernel[0], options));
  }
}
