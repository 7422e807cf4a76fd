package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.MaxPoolOptions;
import dev.bellows.tensor.Tensor;

/**
 * Puts maxima back where they were: called with x [n, c, l] or [c, l] and the indices of {@link
 * MaxPool1d#callWithIndices}, returns [n, c, outL] or [c, outL] with (size − 1)·stride − 2·padding
 * + kernel elements per dimension, which are zero elsewhere. Defaults: stride = kernel, padding 0.
 * Source: PyTorch's {@code torch.nn.MaxUnpool1d}.
 */
public final class MaxUnpool1d extends WindowLayer<MaxPoolOptions> {
  /** Creates a layer with windows and a stride equal to the window size. */
  public MaxUnpool1d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with windows. */
  public MaxUnpool1d(int kernel, MaxPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public MaxUnpool1d(int[] kernel, MaxPoolOptions options) {
    super(1, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static MaxPoolOptions options() {
    return new MaxPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x, Tensor indices) {
    return Functional.maxUnpool1d(x, indices, kernel, options);
  }

  @Override
  protected String extraRepr() {
    return options.describe(kernel).replaceFirst(", dilation=.*", "");
  }
}
