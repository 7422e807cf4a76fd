package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

/**
 * Maximum of each window. x [n, c, h, w] → [n, c, (h + 2·padding − kernel) / stride + 1, …].
 * Defaults: stride = kernel, padding 0. Source: PyTorch's {@code torch.nn.MaxPool2d}, without
 * dilation and ceil mode.
 */
public final class MaxPool2d extends Module {
  private final Pool2dArgs args;

  /** Creates a layer with square windows and a stride equal to the window size. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Creates a layer with square windows. */
  public MaxPool2d(int kernel, int stride) {
    this(kernel, stride, 0);
  }

  /** Creates a layer with square windows over padded images. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this(new Pool2dArgs(kernel, kernel, stride, stride, padding, padding));
  }

  /**
   * Creates a layer with windows of any geometry.
   *
   * @throws IllegalArgumentException if a window or stride is not positive, or the padding is
   *     negative or more than half of the window
   */
  public MaxPool2d(Pool2dArgs args) {
    if (args.kernelH() < 1 || args.kernelW() < 1 || args.strideH() < 1 || args.strideW() < 1) {
      throw new IllegalArgumentException(
          "MaxPool2d: kernel and stride must be positive; got " + describe(args));
    }
    if (args.padH() < 0
        || args.padW() < 0
        || args.padH() > args.kernelH() / 2
        || args.padW() > args.kernelW() / 2) {
      throw new IllegalArgumentException(
          message(
              "MaxPool2d: pad should be at least 0 and at most half of effective kernel size; got"
                  + " %s",
              describe(args)));
    }
    this.args = args;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.maxPool2d(x, args);
  }

  @Override
  protected String extraRepr() {
    return describe(args) + ", dilation=1, ceil_mode=false";
  }

  private static String describe(Pool2dArgs a) {
    return "kernel_size="
        + text(a.kernelH(), a.kernelW())
        + ", stride="
        + text(a.strideH(), a.strideW())
        + ", padding="
        + text(a.padH(), a.padW());
  }

  private static String text(int h, int w) {
    return h == w ? Integer.toString(h) : "(" + h + ", " + w + ")";
  }
}
