package dev.bellows.nn;

/**
 * Options of a maximum pooling. Defaults: those of {@link PoolOptions}, dilation 1. Source:
 * PyTorch's {@code torch.nn.MaxPool2d}.
 */
public final class MaxPoolOptions extends PoolOptions<MaxPoolOptions> {
  private int[] dilation = {1};

  /** Creates options with all defaults. */
  public MaxPoolOptions() {}

  /** Sets the distance of the elements of a window, at least 1. */
  public MaxPoolOptions dilation(int... sizes) {
    MaxPoolOptions changed = clone();
    changed.dilation = sizes.clone();
    return changed;
  }

  @Override
  int[] dilation(String operation, int dims) {
    return PerDimension.of(operation, "dilation", dims, dilation);
  }

  @Override
  public String describe(int... kernel) {
    return super.describe(kernel) + ", dilation=" + text(dilation) + ", ceil_mode=" + isCeilMode();
  }
}
