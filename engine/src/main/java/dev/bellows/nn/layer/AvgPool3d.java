package dev.bellows.nn.layer;

import dev.bellows.nn.AvgPoolOptions;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;

/**
 * Mean of each window. x [n, c, d, h, w] or [c, d, h, w] → [n, c, outD, outH, outW] or [c, outD,
 * outH, outW]; see {@link Functional#avgPool3d(Tensor, int[], AvgPoolOptions)}. Defaults: stride =
 * kernel, and those of {@link AvgPoolOptions}. Source: PyTorch's {@code torch.nn.AvgPool3d}.
 */
public final class AvgPool3d extends WindowLayer<AvgPoolOptions> {
  /** Creates a layer with cubic windows and a stride equal to the window size. */
  public AvgPool3d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with cubic windows. */
  public AvgPool3d(int kernel, AvgPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public AvgPool3d(int[] kernel, AvgPoolOptions options) {
    super(3, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static AvgPoolOptions options() {
    return new AvgPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.avgPool3d(x, kernel, options);
  }
}
