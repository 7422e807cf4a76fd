package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * Flattens the dimensions from startDim to endDim (both included, negative ones count from the end)
 * into one. Defaults: 1 and −1, so that [n, c, h, w] → [n, c·h·w]. Source: PyTorch's {@code
 * torch.nn.Flatten}.
 */
public final class Flatten extends Module {
  private final int startDim;
  private final int endDim;

  /** Creates a layer that flattens all dimensions but the first. */
  public Flatten() {
    this(1, -1);
  }

  /** Creates a layer that flattens the given dimensions. */
  public Flatten(int startDim, int endDim) {
    this.startDim = startDim;
    this.endDim = endDim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    long[] shape = x.shape();
    int start = startDim < 0 ? startDim + shape.length : startDim;
    int end = endDim < 0 ? endDim + shape.length : endDim;
    if (start < 0 || end >= shape.length || start > end) {
      throw new IllegalArgumentException(
          "startDim must not come after endDim, both within the input; got "
              + startDim
              + ", "
              + endDim
              + ", input "
              + Arrays.toString(shape));
    }
    long[] joined = new long[shape.length - (end - start)];
    long size = 1;
    for (int d = 0; d < shape.length; d++) {
      if (d >= start && d <= end) {
        size *= shape[d];
        joined[start] = size;
      } else {
        joined[d < start ? d : d - (end - start)] = shape[d];
      }
    }
    return x.reshape(joined);
  }

  @Override
  protected String extraRepr() {
    return "start_dim=" + startDim + ", end_dim=" + endDim;
  }
}
