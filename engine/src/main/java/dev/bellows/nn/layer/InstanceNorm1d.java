package dev.bellows.nn.layer;

import dev.bellows.tensor.Tensor;

/**
 * Normalises each channel of each instance of x [n, c, l] or [c, l] by its mean and variance: (x −
 * mean) / √(var + eps) · weight + bias. Defaults: see {@link NormOptions}. Source: PyTorch's {@code
 * torch.nn.InstanceNorm1d}.
 */
public final class InstanceNorm1d extends InstanceNorm {
  /** Creates a layer without weight, bias and running statistics. */
  public InstanceNorm1d(long numFeatures) {
    this(numFeatures, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the number of features is negative
   */
  public InstanceNorm1d(long numFeatures, NormOptions options) {
    super(numFeatures, options);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static NormOptions options() {
    return new NormOptions(false);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return normalized(x, 2, "2D or 3D");
  }
}
