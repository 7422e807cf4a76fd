package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Normalises each channel of each instance of x [n, c, d, h, w] or [c, d, h, w] by its mean and
 * variance: (x − mean) / √(var + eps) · weight + bias. Defaults: see {@link NormOptions}. Source:
 * PyTorch's {@code torch.nn.InstanceNorm3d}.
 */
public final class InstanceNorm3d extends InstanceNorm {
  /** Creates a layer without weight, bias and running statistics. */
  public InstanceNorm3d(long numFeatures) {
    this(numFeatures, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the number of features is negative
   */
  public InstanceNorm3d(long numFeatures, NormOptions options) {
    super(numFeatures, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static NormOptions options() {
    return new NormOptions(false);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return normalized(x, 4, "4D or 5D");
  }
}
