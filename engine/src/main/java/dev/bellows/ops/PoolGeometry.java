package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * The geometry of a pooling of any number of spatial dimensions, and the rules that its arguments
 * follow: the one place that checks them.
 */
public final class PoolGeometry {
  private final int[] kernel;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final boolean ceilMode;

  /** Creates a geometry of one number per spatial dimension. */
  public PoolGeometry(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceilMode) {
    this.kernel = kernel.clone();
    this.stride = stride.clone();
    this.padding = padding.clone();
    this.dilation = dilation.clone();
    this.ceilMode = ceilMode;
  }

  static PoolGeometry of(Pool2dArgs a) {
    return new PoolGeometry(
        new int[] {a.kernelH(), a.kernelW()},
        new int[] {a.strideH(), a.strideW()},
        new int[] {a.padH(), a.padW()},
        new int[] {1, 1},
        false);
  }

  /**
   * Checks the numbers alone.
   *
   * @throws IllegalArgumentException if a window, stride or dilation is not positive, or padding is
   *     negative or more than half of the window
   */
  public void check(String name) {
    for (int d = 0; d < kernel.length; d++) {
      String problem = null;
      long effective = (kernel[d] - 1L) * dilation[d] + 1;
      if (kernel[d] < 1) {
        problem = "kernel size should be greater than zero";
      } else if (stride[d] < 1) {
        problem = "stride should be greater than zero";
      } else if (dilation[d] < 1) {
        problem = "dilation should be greater than zero";
      } else if (padding[d] < 0) {
        problem = "pad must be non-negative";
      } else if (2L * padding[d] > effective) {
        problem = "pad should be at most half of effective kernel size";
      }
      if (problem != null) {
        throw new IllegalArgumentException(message("%s: %s; got %s", name, problem, this));
      }
    }
  }

  /**
   * Returns the shape of the result for x [n, c, …] or [c, …].
   *
   * @throws IllegalArgumentException as {@link #check}, or if x has another number of dimensions or
   *     is not of a floating-point type, a size other than n is 0, or nothing would come out
   */
  public long[] outputShape(String name, Tensor x) {
    check(name);
    Types.same(name, x);
    long[] shape = x.shape();
    int dims = kernel.length;
    boolean empty = false;
    for (int d = Math.max(0, shape.length - dims - 1); d < shape.length; d++) {
      empty |= shape[d] == 0;
    }
    if (empty || (shape.length != dims + 1 && shape.length != dims + 2)) {
      throw new IllegalArgumentException(
          message(
              "%s: Expected %sD or %sD (batch mode) tensor with optional 0 dim batch size for"
                  + " input, but got: %s",
              name, dims + 1, dims + 2, shape));
    }
    long[] out = shape.clone();
    for (int d = 0; d < dims; d++) {
      int at = shape.length - dims + d;
      out[at] = outSize(shape[at], d);
      if (out[at] < 1) {
        throw new IllegalArgumentException(
            message(
                "%s: Given input size %s, output size is too small; got %s", name, shape, this));
      }
    }
    return out;
  }

  /** In ceil mode, the last window must begin in the input or in the padding in front of it. */
  private long outSize(long in, int d) {
    long room = in + 2L * padding[d] - dilation[d] * (kernel[d] - 1L) - 1;
    long out = Math.floorDiv(room + (ceilMode ? stride[d] - 1 : 0), (long) stride[d]) + 1;
    return ceilMode && (out - 1) * stride[d] >= in + padding[d] ? out - 1 : out;
  }

  @Override
  public String toString() {
    return "kernel "
        + Arrays.toString(kernel)
        + ", stride "
        + Arrays.toString(stride)
        + ", padding "
        + Arrays.toString(padding)
        + ", dilation "
        + Arrays.toString(dilation)
        + ", ceil mode "
        + ceilMode;
  }
}
