package dev.bellows.nn.layer;

import dev.bellows.nn.AvgPoolOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Mean of each window. x [n, c, l] or [c, l] → [n, c, outL] or [c, outL]; see {@link
 * Functional#avgPool1d(Tensor, int, AvgPoolOptions)}. Defaults: stride = kernel, and those of
 * {@link AvgPoolOptions}. Source: PyTorch's {@code torch.nn.AvgPool1d}.
 */
public final class AvgPool1d extends WindowLayer<AvgPoolOptions> {
  /** Creates a layer with windows and a stride equal to the window size. */
  public AvgPool1d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with windows. */
  public AvgPool1d(int kernel, AvgPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public AvgPool1d(int[] kernel, AvgPoolOptions options) {
    super(1, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static AvgPoolOptions options() {
    return new AvgPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.avgPool1d(x, kernel[0], options);
  }
}
