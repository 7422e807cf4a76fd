package dev.bellows.nn.layer;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.MaxPoolOptions;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;

/**
 * Maximum of each window. x [n, c, h, w] or [c, h, w] → [n, c, outH, outW] or [c, outH, outW]; see
 * {@link Functional#maxPool2d(Tensor, int[], MaxPoolOptions)}. Defaults: stride = kernel, and those
 * of {@link MaxPoolOptions}. Source: PyTorch's {@code torch.nn.MaxPool2d}.
 */
public final class MaxPool2d extends WindowLayer<MaxPoolOptions> {
  /** Creates a layer with square windows and a stride equal to the window size. */
  public MaxPool2d(int kernel) {
    this(kernel, options());
  }

  /** Creates a layer with square windows. */
  public MaxPool2d(int kernel, int stride) {
    this(kernel, stride, 0);
  }

  /** Creates a layer with square windows over padded images. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this(kernel, options().stride(stride).padding(padding));
  }

  /** Creates a layer with windows of any geometry. */
  public MaxPool2d(Pool2dArgs args) {
    this(
        new int[] {args.kernelH(), args.kernelW()},
        options().stride(args.strideH(), args.strideW()).padding(args.padH(), args.padW()));
  }

  /** Creates a layer with square windows. */
  public MaxPool2d(int kernel, MaxPoolOptions options) {
    this(new int[] {kernel}, options);
  }

  /**
   * Creates a layer with windows of any size.
   *
   * @param kernel one number per dimension, or one for all
   * @throws IllegalArgumentException if a number is out of range, or padding is more than half of
   *     the window
   */
  public MaxPool2d(int[] kernel, MaxPoolOptions options) {
    super(2, options, kernel);
  }

  /** Returns the default options; each of their methods returns changed ones. */
  public static MaxPoolOptions options() {
    return new MaxPoolOptions();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.maxPool2d(x, kernel, options);
  }

  /** Calls the layer for the maxima and their places, as PyTorch's with {@code return_indices}. */
  public ValuesAndIndices callWithIndices(Tensor x) {
    return callWithHooks(x, in -> Functional.maxPool2dWithIndices(in, kernel, options));
  }
}
