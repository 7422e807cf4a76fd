package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;

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
    return x.flatten(startDim, endDim);
  }

  @Override
  protected String extraRepr() {
    return "start_dim=" + startDim + ", end_dim=" + endDim;
  }
}
